#!/usr/bin/python
# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: pop3_probe
short_description: Test a logon at a POP3 server and say what is wrong
version_added: 1.0.0
description:
  - Runs the telnet test of Microsoft's article Q171435 and says what it shows. It tells a missing user right
    of the server's service account apart from a wrong password, from a server that refuses clear text, and
    from everything else that can keep POP3 users out.
  - Runs on the controller, in the worker process of the play, towards the host that the play is about. It
    does not use the connection of the play and ignores C(become). With C(delegate_to) it runs as a module on
    that host, which has to be a POSIX host with Python 3.7 or newer; C(delegate_to=localhost) with the
    connection C(local) means the controller again.
  - A logon counts as working only where the mailbox answers as well. After V(+OK) to the password one harmless
    command, C(STAT), asks for its size, because Exchange accepts a password before it has reached the mailbox.
  - A server that cannot be reached, and any other verdict, is a result and not a failure; O(expect) makes it one.
  - A password is sent once and never again, and never in clear text where TLS was asked for. It is in no
    result, log or transcript, not even where the server sends it back.
options:
  host:
    description:
      - Name or address of the POP3 server.
      - The default is the address of the play's host (C(ansible_host), or else its name in the inventory), also
        where the task is delegated.
    type: str
  port:
    description:
      - TCP port of the POP3 server.
      - The default is V(110), or V(995) with O(tls=implicit).
    type: int
  tls:
    description: How to protect the conversation.
    type: str
    choices:
      none: Not at all. Passwords cross the network in clear text, as in the article.
      starttls: Connect in clear text, then switch to TLS with the command C(STLS).
      implicit: Start with TLS at once (POP3S).
    default: none
  validate_certs:
    description:
      - Whether the server's certificate has to be valid for O(host) and signed by an authority that the
        probing host trusts.
      - With V(false) a password can be sent to whoever answers.
    type: bool
    default: true
  ca_path:
    description:
      - File with the certificates of the authorities to trust, in PEM form, on the host that runs the probe.
      - The default are the authorities of that host.
    type: path
  login:
    description: Whether to try a logon. Each try is written to logs of the server.
    type: str
    choices:
      none: Read the banner and the capabilities, nothing more.
      canary:
        Log on as an account that cannot exist, with a random password. Shows the error of the article without
        knowing any password; but a rejection proves nothing about the right. Writes a failed logon to the
        server's log.
      credentials: Log on with O(login_user) and O(login_password).
    default: none
  login_user:
    description:
      - Name to log on with, in any form that the server takes. Exchange 5.x takes C(Domain\User\Mailbox) as well.
      - Used with O(login=credentials) only, and needed there.
    type: str
  login_password:
    description:
      - Password to log on with.
      - Used with O(login=credentials) only, and needed there.
    type: str
  timeout:
    description: How long the whole probe may take at most, in seconds, from the name's look-up to the last answer.
    type: float
    default: 10.0
  expect:
    description:
      - The verdicts that are in order. Any other one fails the task, with all its results.
      - With an empty list every verdict is in order.
    type: list
    elements: str
    choices:
      - logon_ok
      - privilege_missing
      - credentials_rejected
      - cleartext_refused
      - mailbox_unavailable
      - temporary_failure
      - listening
      - not_pop3
      - no_listener
      - unreachable
      - timed_out
      - tls_failed
      - unclassified
    default: []
requirements:
  - Python 3.7 or newer on a host that the task delegates to
extends_documentation_fragment:
  - winmail.exchange._attributes
  - winmail.exchange._actiongroup
attributes:
  action:
    description: Runs on the controller unless the task delegates to another host.
    support: full
  async:
    description: Can be sent into the background with C(async).
    support: none
    details:
      - O(timeout) bounds the task.
  check_mode:
    support: full
    details:
      - The probe changes nothing on the server, so it runs in check mode as it does otherwise. The server
        writes logon attempts to its logs in check mode as well.
  diff_mode:
    support: N/A
    details:
      - The probe changes nothing, so there is nothing to compare.
  idempotent:
    support: full
    details:
      - The probe never reports a change.
  platform:
    description: The operating system of the host that runs the probe; the POP3 server may run on any.
    platforms: posix
    support: full
notes:
  - Exchange 5.x keeps accepted logons in a cache, for 15 minutes idle and 120 minutes at most. It can hide
    the fault or its cure for that long.
  - Repeated logons with a wrong password can lock an account. The probe tries once; whoever repeats the task
    tries again.
seealso:
  - name: Microsoft Knowledge Base article Q171435
    description: POP3 Logon Attempt Fails with Event 11202. The test that this module runs.
    link: https://github.com/jeffpar/kbarchive/blob/master/kb/171/Q171435/README.md
author:
  - winmail.exchange contributors (!UNKNOWN)
"""

EXAMPLES = r"""
---
- name: See whether a POP3 server answers
  winmail.exchange.pop3_probe:

- name: Run the test of the article without any password
  winmail.exchange.pop3_probe:
    login: canary

- name: Log on, and fail where that does not work
  winmail.exchange.pop3_probe:
    login: credentials
    login_user: CORP\probe
    login_password: "{{ probe_password }}"
    expect: [logon_ok]

- name: Log on inside TLS, with a private authority, at the name of the certificate
  winmail.exchange.pop3_probe:
    host: mail.corp.example
    tls: implicit
    ca_path: files/corp-ca.pem
    login: credentials
    login_user: probe@corp.example
    login_password: "{{ probe_password }}"

- name: Probe from a host in the branch office
  winmail.exchange.pop3_probe:
    timeout: 30
  delegate_to: branch-linux
  register: from_branch

- name: Say what the branch office sees
  ansible.builtin.debug:
    msg: "{{ from_branch.verdict }}: {{ from_branch.advice }}"
"""

RETURN = r"""
host:
  description: The host that was probed, as in O(host).
  returned: always
  type: str
  sample: mail.corp.example
port:
  description: The port that was probed.
  returned: always
  type: int
  sample: 110
address:
  description: The address that was connected to; V(null) where no connection came about.
  returned: always
  type: str
  sample: 192.0.2.10
verdict:
  description:
    - What the probe concludes.
    - V(logon_ok), a logon worked and the mailbox answered.
    - V(privilege_missing), the fault of the article, the service's account lacks the right.
    - V(credentials_rejected), the server says that it rejects the user or the password; see RV(advice).
    - V(cleartext_refused), the server wants TLS before a logon.
    - V(mailbox_unavailable), the logon is accepted or could be, but the mailbox cannot be had.
    - V(temporary_failure), the server is busy, goes down, met an error of its own or asks to try again later.
    - V(listening), a POP3 server answers and nothing was tried beyond its banner.
    - V(not_pop3), something else answers.
    - V(no_listener), the host refuses the connection.
    - V(unreachable), the name is unknown or no way leads to the host.
    - V(timed_out), no answer within O(timeout); RV(stage) says to what.
    - V(tls_failed), TLS was asked for and not obtained.
    - V(unclassified), the answer is not known, is in another language, or did not come before the server
      closed the connection; RV(reply) and RV(error) say which.
  returned: always
  type: str
  sample: privilege_missing
confidence:
  description:
    - V(exact) where the verdict follows from a reply that is documented for this product and can mean nothing
      else, or from the protocol.
    - V(inferred) where it is the best reading of a reply that is another product's or has more than one meaning.
  returned: always
  type: str
  sample: exact
privilege:
  description:
    - What the probe proves about the right "Act as part of the operating system" of the service's account.
    - V(held) only after a logon with O(login=credentials) at Exchange 5.0 or 5.5, the generations that need it.
    - V(missing) with RV(verdict=privilege_missing).
    - V(unknown) otherwise, also after a rejected logon.
  returned: always
  type: str
  sample: missing
stage:
  description: The step that decided the verdict, one of V(resolve), V(connect), V(tls), V(banner), V(stls),
    V(capa), V(user), V(pass), V(stat). A logon that works is decided by the answer to the password.
  returned: always
  type: str
  sample: pass
reply:
  description: The server's line that decided the verdict; V(null) where none did. Control characters are
    written as escapes.
  returned: always
  type: str
  sample: -ERR A required privilege is not held by the client.
error:
  description: The text of the operating system or the TLS library where the conversation broke off; V(null)
    otherwise.
  returned: always
  type: str
  sample: "192.0.2.10 port 110: Connection refused"
banner:
  description: The greeting of the server; V(null) where none came.
  returned: always
  type: str
  sample: +OK Microsoft Exchange POP3 Server version 5.0.1457.10 ready
product:
  description: Who answers, by the banner. Each value is V(null) where the banner does not tell.
  returned: always
  type: dict
  contains:
    family:
      description: One of V(exchange), V(windows), V(proxy), or another product's short name such as V(dovecot).
      returned: always
      type: str
      sample: exchange
    name:
      description: The name for people.
      returned: always
      type: str
      sample: Microsoft Exchange Server 5.0
    generation:
      description: The generation of Exchange, one of V(5.0), V(5.5), V(2000), V(2003), V(2007+).
      returned: always
      type: str
      sample: "5.0"
    version:
      description: The version that the banner holds.
      returned: always
      type: str
      sample: 5.0.1457.10
capabilities:
  description: The answer to C(CAPA), line by line; V(null) where it was not asked (Exchange 5.x is older than
    it) or refused.
  returned: always
  type: list
  elements: str
  sample: [TOP, UIDL, SASL PLAIN, USER, STLS]
tls:
  description: What TLS was asked for and what was obtained.
  returned: always
  type: dict
  contains:
    requested:
      description: The value of O(tls).
      returned: always
      type: str
      sample: starttls
    established:
      description: Whether the conversation was protected.
      returned: always
      type: bool
    verified:
      description: Whether the certificate was checked and found valid.
      returned: always
      type: bool
    version:
      description: The version of TLS.
      returned: always
      type: str
      sample: TLSv1.3
    cipher:
      description: The cipher suite.
      returned: always
      type: str
      sample: TLS_AES_256_GCM_SHA384
    certificate_sha256:
      description: SHA-256 fingerprint of the server's certificate.
      returned: always
      type: str
    certificate_not_after:
      description: The end of the certificate's validity, in UTC; V(null) where it was not verified.
      returned: always
      type: str
      sample: "2027-11-24T09:00:00Z"
    error:
      description: The text of the TLS library where TLS was not obtained.
      returned: always
      type: str
      sample: "the certificate is not trusted: self-signed certificate"
timing:
  description: The seconds that each step took, and in total (C(total)); V(null) for a step that was not reached.
  returned: always
  type: dict
  sample:
    resolve: 0.001
    connect: 0.02
    tls: null
    banner: 0.02
    stls: null
    capa: null
    user: 0.02
    pass: 0.04
    stat: null
    quit: 0.02
    total: 0.121
transcript:
  description: The conversation in the form of the article. C(S>) was sent by the server, C(C>) by the probe,
    C(--) tells what else happened. The password is masked.
  returned: always
  type: list
  elements: str
  sample:
    - S> +OK Microsoft Exchange POP3 Server version 5.0.1457.10 ready
    - C> USER CORP\probe
    - S> +OK
    - C> PASS ********
    - S> -ERR A required privilege is not held by the client.
    - C> QUIT
    - S> +OK
advice:
  description: What to do next.
  returned: always
  type: str
  sample: >-
    Grant the account that the POP3 service runs under the right "Act as part of the operating system"
    (SeTcbPrivilege), then
    restart the service: a process keeps the rights it started with.
"""

from ansible.module_utils.basic import AnsibleModule  # noqa: E402 - a module's documentation comes before its imports

from ansible_collections.winmail.exchange.plugins.module_utils._pop3.client import probe  # noqa: E402 - as above
from ansible_collections.winmail.exchange.plugins.module_utils._pop3.errors import RequestError  # noqa: E402 - as above
from ansible_collections.winmail.exchange.plugins.module_utils._pop3.options import (  # noqa: E402 - as above
    ARGUMENT_SPEC,
    REQUIRED_IF,
    read_request,
    unmet_expectation,
)


def main() -> None:
    """Probe from this host; the action uses this where a task delegates."""
    module = AnsibleModule(argument_spec=ARGUMENT_SPEC, required_if=REQUIRED_IF, supports_check_mode=True)
    try:
        report = probe(read_request(module.params))
    except RequestError as exc:
        module.fail_json(msg=str(exc))
    result = report.as_result()
    failure = unmet_expectation(report, module.params["expect"])
    if failure:
        module.fail_json(msg=failure, **result)
    module.exit_json(**result)


if __name__ == "__main__":
    main()
