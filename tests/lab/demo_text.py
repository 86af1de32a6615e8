# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the demo says between the dialogues."""

from __future__ import annotations

from pathlib import Path

import yaml

_SCENARIO = Path(__file__).parent / "scenarios" / "pop3.yml"

OPENING = """\
winmail.exchange: POP3 users cannot log on (Microsoft's article Q171435)
========================================================================

The fault. An Exchange 5.x server answers every POP3 logon in clear text with
"A required privilege is not held by the client", although user and password are right.
Its service account lacks a Windows user right, "Act as part of the operating system".
The cure is to grant that right and to restart the service, which keeps what it started with.

The place. Four simulated Windows servers on 127.0.0.1, reached by real WinRM (NTLM, encrypted)
and real POP3. Nothing else on this machine or its network is touched.
"""

_HOSTS = {
    "exch50": "Exchange 5.0: its service account CORP\\exsvc lacks the right. This one is to be cured.",
    "exch55": "Exchange 5.5, healthy: the right is there, so nothing may happen.",
    "exch2019": "Exchange 2019: POP3 runs as Network Service, so there is nothing to grant.",
    "exchgpo": "Exchange 5.5: a Group Policy gives the right to nobody, so a local grant would not last.",
}

FOOTNOTE = """
  * exch50, exch55 and exchgpo exist only in the lab: no Exchange 5.x runs on a Windows that has WinRM.
    The rights, the restart and the POP3 dialogue are those of the article; exch2019 can exist.
"""

CLOSING = """The story came true. The lab has stopped, and its files are removed.

Where to look next
  README.md                            what this is, and how to use it on servers of your own
  roles/pop3_prerequisites/README.md   the role, its variables and its outcome
  playbooks/                           site (this demo), probe, fix, audit; for any Windows host baseline_audit and more
  .venv/bin/ansible-doc winmail.exchange.user_right          (and pop3_probe, pop3_server_info, service_restart)
  .venv/bin/python -m lab serve --scenario pop3 --inventory lab.yml    the same four servers, for playing with them
"""

NOT_TRUE = """The story did not come true: see what is marked NOT TRUE above, and the output of ansible-playbook.
The lab has stopped, and its files are removed.
"""


def hosts() -> str:
    """The list of hosts; a star marks what exists only in the lab, as the scenario says."""
    scenario = yaml.safe_load(_SCENARIO.read_text(encoding="utf-8"))
    starred = {str(host["name"]) for host in scenario["hosts"] if host.get("lab_only")}
    lines = [f"  {name + (' *' if name in starred else ''):<10} {text}" for name, text in _HOSTS.items()]
    return "\n".join([*lines, FOOTNOTE.rstrip()])
