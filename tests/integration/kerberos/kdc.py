# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A key distribution centre for a test: MIT's krb5kdc in the foreground, on a free loopback port, no root."""

from __future__ import annotations

import contextlib
import os
import pathlib
import re
import socket
import subprocess
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

REALM = "CORP.EXAMPLE"  # as every Active Directory: the DNS name of the domain in capitals
START_SECONDS = 20.0
PORT_TRIES = 5
PROGRAMS = ("krb5kdc", "kdb5_util", "kadmin.local", "kinit", "klist")

# Nothing is asked of a DNS; tickets could be forwarded: who does not want that must not do it.
KRB5_CONF = """\
[libdefaults]
    default_realm = {realm}
    dns_lookup_kdc = false
    dns_lookup_realm = false
    dns_canonicalize_hostname = false
    rdns = false
    forwardable = true
    udp_preference_limit = 1
[realms]
    {realm} = {{
        kdc = 127.0.0.1:{port}
    }}
[domain_realm]
    .{domain} = {realm}
"""
KDC_CONF = """\
[kdcdefaults]
    kdc_listen = ""
    kdc_tcp_listen = 127.0.0.1:{port}
[realms]
    {realm} = {{
        database_name = {folder}/principal
        key_stash_file = {folder}/stash
        acl_file = {folder}/acl
        supported_enctypes = aes256-cts-hmac-sha1-96:normal aes128-cts-hmac-sha1-96:normal
        default_principal_flags = +preauth
    }}
[logging]
    kdc = FILE:{folder}/kdc.log
"""
# A line reads: TGS_REQ (etypes) address: ISSUE: authtime and etypes, user@REALM for HTTP/host@REALM
ISSUED = re.compile(r"(AS|TGS)_REQ .*: ISSUE: .*, (\S+) for (\S+)$", re.MULTILINE)


@dataclass(frozen=True)
class Kdc:
    """A running KDC: ``folder`` holds all that it writes, ``programs`` where those of ``PROGRAMS`` are."""

    folder: pathlib.Path
    programs: dict[str, pathlib.Path]

    @property
    def environment(self) -> dict[str, str]:
        """What programs of Kerberos need to know of it; no tickets are there yet."""
        return {
            "KRB5_CONFIG": str(self.folder / "krb5.conf"),
            "KRB5_KDC_PROFILE": str(self.folder / "kdc.conf"),
            "KRB5CCNAME": f"FILE:{self.folder / 'nobody'}",
        }

    @property
    def keytab(self) -> pathlib.Path:
        """The keys of every service."""
        return self.folder / "services.keytab"

    def add_user(self, name: str, password: str) -> None:
        """Make a principal with a password."""
        self._administer([f"addprinc {name}", password, password])

    def add_services(self, names: Sequence[str]) -> None:
        """Make principals (``HTTP/host``) with random keys, which go into the keytab."""
        lines = [f"addprinc -randkey {name}" for name in names] + [f"ktadd -k {self.keytab} {' '.join(names)}"]
        self._administer(lines)

    def _administer(self, lines: Sequence[str]) -> None:
        self._run("kadmin.local", said="\n".join([*lines, ""]))

    def log_on(self, name: str, password: str, cache: pathlib.Path, *, lifetime: str = "1h") -> None:
        """Put a ticket into a file, as a person does with ``kinit`` before a run."""
        self._run("kinit", "-l", lifetime, "-c", f"FILE:{cache}", name, said=f"{password}\n")

    def let_expire(self, cache: pathlib.Path) -> None:
        """Wait until the ticket in a file has expired for everybody."""
        deadline = time.monotonic() + START_SECONDS
        while self._process("klist", "-s", "-c", f"FILE:{cache}").returncode == 0:
            assert time.monotonic() < deadline, "the ticket does not expire"
            time.sleep(0.1)
        last = int(time.time())  # klist counts the last second already, the library does not yet
        while int(time.time()) <= last:
            time.sleep(0.05)

    def _run(self, program: str, *arguments: str, said: str = "") -> None:
        done = self._process(program, *arguments, said=said)
        assert done.returncode == 0, f"{program}: {done.stdout}"

    def _process(self, program: str, *arguments: str, said: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(self.programs[program]), *arguments],
            env={**os.environ, **self.environment},
            input=said,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=START_SECONDS,
            check=False,
        )

    def issued(self) -> list[tuple[str, str, str]]:
        """Every ticket that was issued so far, by the KDC's own log: (AS or TGS, for whom, for which service)."""
        return ISSUED.findall((self.folder / "kdc.log").read_text(encoding="utf-8"))

    def create(self) -> None:
        """Make an empty database."""
        self._run("kdb5_util", "create", "-s", "-r", REALM, "-P", "master-key-of-a-test")

    def configure(self, port: int) -> None:
        """Write the configuration of clients and of the KDC."""
        values = {"realm": REALM, "domain": REALM.lower(), "folder": self.folder, "port": port}
        for name, text in (("krb5.conf", KRB5_CONF), ("kdc.conf", KDC_CONF)):
            (self.folder / name).write_text(text.format_map(values), encoding="utf-8")


@contextlib.contextmanager
def running(folder: pathlib.Path, programs: dict[str, pathlib.Path]) -> Iterator[Kdc]:
    """A KDC without principals that answers until the block ends."""
    kdc = Kdc(folder, programs)
    process = None
    for dummy in range(PORT_TRIES):  # between finding a free port and taking it, another program may
        port = _free_port()
        kdc.configure(port)
        if not (folder / "principal").exists():
            kdc.create()
        process = _start(kdc)
        if _answers(process, port):
            break
    assert process is not None
    assert process.poll() is None, (folder / "output").read_text()
    try:
        yield kdc
    finally:
        process.terminate()
        process.wait(START_SECONDS)


def _start(kdc: Kdc) -> subprocess.Popen[bytes]:
    with (kdc.folder / "output").open("ab") as output:
        return subprocess.Popen(
            [str(kdc.programs["krb5kdc"]), "-n", "-r", REALM],
            env={**os.environ, **kdc.environment},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def _answers(process: subprocess.Popen[bytes], port: int) -> bool:
    """Whether the process came to listen; False where it ended instead."""
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return True
        time.sleep(0.05)
    return False
