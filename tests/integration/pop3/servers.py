# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real POP3 servers of Debian on the loopback interface, each with a configuration of its own and on free ports."""

from __future__ import annotations

import contextlib
import dataclasses
import grp
import os
import pathlib
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ansible_collections.winmail.exchange.tests.support.certificates import Certificates

DOMAIN = "example.test"
USER = f"alice@{DOMAIN}"
PASSWORD = "Tr0ub4dor&3"
# A name whose mailbox cannot be opened, and one with a password and no mailbox at all.
BROKEN = f"broken@{DOMAIN}"
HOMELESS = f"homeless@{DOMAIN}"
START_SECONDS = 20.0


@dataclasses.dataclass(frozen=True)
class Server:
    """A running server: the address, its ports by name, and the file that it logs to."""

    host: str
    ports: dict[str, int]
    log: pathlib.Path

    def logs(self, text: str, since: int = 0) -> bool:
        """Whether the server logs a text behind a place in its log; it may write a little later than it answers."""
        deadline = time.monotonic() + START_SECONDS
        while text not in self.log.read_text()[since:]:
            if time.monotonic() > deadline:
                return False
            time.sleep(0.02)
        return True


def _free_ports(host: str, count: int) -> list[int]:
    """Return ports that were free a moment ago; all are held until all are known, so that they differ."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.create_server((host, 0))) for _number in range(count)]
        return [sock.getsockname()[1] for sock in sockets]


@contextlib.contextmanager
def _folder() -> Iterator[pathlib.Path]:
    """A folder that the servers' own users can enter, unlike those of pytest."""
    folder = pathlib.Path(
        tempfile.mkdtemp(prefix="pop3-", dir="/tmp")
    )  # a short path: UNIX sockets allow 100 characters
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@contextlib.contextmanager
def _running(command: list[str], server: Server) -> Iterator[Server]:
    """Start a server in the foreground, wait until all its ports answer, stop it at the end."""
    with server.log.open("ab") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, umask=0o077)
    try:
        deadline = time.monotonic() + START_SECONDS
        for port in server.ports.values():
            while not _answers(server.host, port):
                assert process.poll() is None, f"{command[0]} ended at once: {server.log.read_text()}"
                assert time.monotonic() < deadline, f"{command[0]} does not answer: {server.log.read_text()}"
                time.sleep(0.05)
        yield server
    finally:
        process.terminate()
        process.wait(START_SECONDS)


def _answers(host: str, port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection((host, port), 1):
        return True
    return False


@dataclasses.dataclass(frozen=True)
class _Accounts:
    """Under which users Dovecot runs: its own where root starts it, else all as the one who does."""

    internal: str
    group: str
    login: str
    mail_uid: int
    mail_gid: int

    @classmethod
    def here(cls) -> _Accounts:
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            return cls("dovecot", "dovecot", "dovenull", nobody.pw_uid, nobody.pw_gid)
        name = pwd.getpwuid(os.geteuid()).pw_name
        return cls(name, grp.getgrgid(os.getegid()).gr_name, name, os.geteuid(), os.getegid())


# What 2.4 writes otherwise than 2.3; the rest is the same in both.
DOVECOT_2_3 = """\
mail_location = maildir:{folder}/mail/%u
ssl_cert = <{certificates.server}
ssl_key = <{certificates.key}
disable_plaintext_auth = yes
passdb {{
  driver = passwd-file
  args = scheme=PLAIN {folder}/passwords
}}
userdb {{
  driver = passwd-file
  args = {folder}/users
}}
"""
# Its version has to be the first line.
DOVECOT_2_4 = """\
dovecot_config_version = 2.4.0
dovecot_storage_version = 2.4.0
mail_driver = maildir
mail_path = {folder}/mail/%{{user}}
ssl_server_cert_file = {certificates.server}
ssl_server_key_file = {certificates.key}
auth_allow_cleartext = no
passdb passwd-file {{
  default_password_scheme = PLAIN
  passwd_file_path = {folder}/passwords
}}
userdb passwd-file {{
  passwd_file_path = {folder}/users
}}
"""
DOVECOT = """
base_dir = {folder}/run
state_dir = {folder}/state
instance_name = {folder.name}
log_path = {folder}/log
protocols = pop3
listen = {host}
default_internal_user = {accounts.internal}
default_internal_group = {accounts.group}
default_login_user = {accounts.login}
first_valid_uid = 1
first_valid_gid = 0
pop3_lock_session = yes
ssl = yes
auth_failure_delay = 0
auth_mechanisms = plain
auth_verbose = yes
service pop3-login {{
  chroot =
  inet_listener pop3 {{
    port = {ports[pop3]}
  }}
  inet_listener pop3s {{
    port = {ports[pop3s]}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
  # No growing delay after each bad password.
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
"""


@contextlib.contextmanager
def dovecot(program: pathlib.Path, certificates: Certificates) -> Iterator[Server]:
    """Run Dovecot: no clear text, STLS on ``pop3``, TLS at once on ``pop3s``.

    It takes clear text from a client with its own address, so it listens on another one of the loopback interface.
    """
    host = "127.0.0.2"
    ports = dict(zip(("pop3", "pop3s"), _free_ports(host, 2), strict=True))
    accounts = _Accounts.here()
    with _folder() as folder:
        mail = folder / "mail"
        mail.mkdir()
        os.chown(mail, accounts.mail_uid, accounts.mail_gid)
        (folder / "passwords").write_text("".join(f"{user}:{{PLAIN}}{PASSWORD}\n" for user in (USER, BROKEN, HOMELESS)))
        owner = f"{accounts.mail_uid}:{accounts.mail_gid}"
        version = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
        old = version.startswith("2.3.")
        nowhere = "userdb_mail=maildir:/dev/null/none" if old else "userdb_mail_path=/dev/null/none"
        (folder / "users").write_text(f"{USER}::{owner}::{mail}/alice\n{BROKEN}::{owner}::{mail}/broken::{nowhere}\n")
        settings = (DOVECOT_2_3 if old else DOVECOT_2_4) + DOVECOT
        configuration = folder / "dovecot.conf"
        configuration.write_text(
            settings.format(folder=folder, host=host, ports=ports, accounts=accounts, certificates=certificates)
        )
        log = folder / "log"
        with _running([str(program), "-F", "-c", str(configuration)], Server(host, ports, log)) as server:
            yield server


MAILUTILS = """
mode daemon;
foreground yes;
pidfile "{folder}/pid";
auth {{
  authentication clear;
  authentication "generic:virtdomain";
  authorization clear;
  authorization "virtdomain";
}};
virtdomain {{ passwd-dir "{folder}/domains"; }};
mailbox {{ mail-spool "{folder}/mail"; }};
logging {{ syslog no; }};
tls {{
  ssl-certificate-file "{certificates.server}";
  ssl-key-file "{certificates.key}";
}};
{more}
server {host}:{ports[pop3]} {{ tls-mode ondemand; }};
server {host}:{ports[required]} {{ tls-mode required; }};
server {host}:{ports[pop3s]} {{ tls-mode connection; }};
"""


@contextlib.contextmanager
def mailutils(program: pathlib.Path, certificates: Certificates, login_delay: int = 0) -> Iterator[Server]:
    """Run GNU Mailutils' pop3d, as root: ``pop3`` takes clear text and STLS, ``required`` STLS only, ``pop3s`` TLS."""
    host = "127.0.0.1"
    ports = dict(zip(("pop3", "required", "pop3s"), _free_ports(host, 3), strict=True))
    nobody = pwd.getpwnam("nobody")
    with _folder() as folder:
        for name in ("domains", "mail"):
            (folder / name).mkdir()
        os.chown(folder / "mail", nobody.pw_uid, nobody.pw_gid)
        hashed = subprocess.run(
            ["openssl", "passwd", "-6", "-stdin"], input=PASSWORD, capture_output=True, text=True, check=True
        ).stdout.strip()
        name = USER.partition("@")[0]
        entry = f"{name}:{hashed}:{nobody.pw_uid}:{nobody.pw_gid}:x:{folder}/mail:{folder}/mail/{name}\n"
        (folder / "domains" / DOMAIN).write_text(entry)
        more = f'login-delay {login_delay};\nstat-file "{folder}/statistics";' if login_delay else ""
        configuration = folder / "pop3d.conf"
        configuration.write_text(
            MAILUTILS.format(folder=folder, host=host, ports=ports, certificates=certificates, more=more)
        )
        log = folder / "log"
        with _running([str(program), f"--config-file={configuration}"], Server(host, ports, log)) as server:
            yield server
