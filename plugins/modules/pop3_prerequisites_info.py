#!/usr/bin/python
# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: pop3_prerequisites_info
short_description: Say whether POP3 users can log on and what is missing, in one task for the role pop3_prerequisites
version_added: 1.0.0
description:
  - Probes POP3 as M(winmail.exchange.pop3_probe) does, looks at the server as M(winmail.exchange.pop3_server_info)
    does, and judges both. It is the whole of the role P(winmail.exchange.pop3_prerequisites#role) on a healthy host.
  - What to look at is in the variables of that role, C(pop3_prerequisites_*), with the same defaults; a variable with
    that prefix that nobody knows fails the task before anything is asked.
  - Runs on the controller; the look at the server takes the play's WinRM connection with one logon. Nothing is copied
    to the host and PowerShell is not used.
  - The password of a logon test is a variable and no option, so that no callback ever gets it.
options:
  audit:
    description:
      - Whether all that keeps from looking is a finding of the result. Then the task does not fail, and the host does
        not become unreachable; RV(unknown) is V(true) and RV(reason) says what happened.
      - Values that a variable cannot have fail the task all the same.
    type: bool
    default: false
  revoke:
    description: Whether the question is if the account still is a holder itself, as in the role's entry point revoke.
    type: bool
    default: false
extends_documentation_fragment:
  - winmail.exchange._attributes
  - winmail.exchange._attributes.windows
  - winmail.exchange._attributes.info
  - winmail.exchange._actiongroup
seealso:
  - module: winmail.exchange.pop3_probe
  - module: winmail.exchange.pop3_server_info
author:
  - winmail.exchange contributors (!UNKNOWN)
"""

EXAMPLES = r"""
---
- name: Look whether POP3 users can log on, with a logon that cannot work
  winmail.exchange.pop3_prerequisites_info:
    audit: true
  vars:
    pop3_prerequisites_probe_login: canary
  register: pop3

- name: Users can log on everywhere
  ansible.builtin.assert:
    that: pop3.compliant
    fail_msg: "{{ pop3.advice }}"
"""

RETURN = r"""
host:
  description: Name of the host in the inventory.
  returned: always
  type: str
  sample: exch50
computer:
  description: NetBIOS name; V(null) where the host could not be asked.
  returned: always
  type: str
  sample: EXCH50
generation:
  description:
    - V(5.0), V(5.5) (told apart by the POP3 banner, else V(5.x)), V(2000), V(2003), V(2007), V(2010), V(2013), V(2016),
      V(2019), V(SE), V(none) or V(unknown).
  returned: always
  type: str
  sample: '5.0'
services:
  description: Key names of the services that serve POP3.
  returned: always
  type: list
  elements: str
  sample: [MSExchangeIS]
account:
  description: The account in question.
  returned: always
  type: str
  sample: CORP\exsvc
rights:
  description: One entry for each right and account.
  returned: always
  type: list
  elements: dict
  contains:
    name: {description: Constant of the right., type: str}
    display_name: {description: English display name of the right., type: str}
    account: {description: 'The account, as SID, name and kind.', type: dict}
    before:
      description: V(direct), V(group), V(missing) or V(unknown).
      type: str
    after: {description: The same; nothing is changed here., type: str}
    governed:
      description: Who governs the right, in the form of RV(winmail.exchange.user_right#module:rights[].governed).
      type: dict
governed:
  description:
    - Who governs. The entry of who sets any of the rights, else that of the first right; V(null) where there is none.
  returned: always
  type: dict
verdict_before:
  description: What the probe concluded; V(null) where it did not run.
  returned: always
  type: str
  sample: privilege_missing
verdict_after:
  description: The same; it is another one only after the role changed something.
  returned: always
  type: str
  sample: privilege_missing
dialogue_before:
  description: The conversation of the probe in the form of the article, the password masked.
  returned: always
  type: list
  elements: str
  sample: ['S> +OK Microsoft Exchange POP3 server version 5.0.1460.9 ready']
dialogue_after:
  description: The same.
  returned: always
  type: list
  elements: str
  sample: ['S> +OK Microsoft Exchange POP3 server version 5.0.1460.9 ready']
action:
  description:
    - What the fault asks for, V(grant), V(restart), V(none), V(not_applicable), V(governed) or V(unknown); V(revoke)
      with O(revoke=true).
  returned: always
  type: str
  sample: grant
reason:
  description: Why, in one sentence or two.
  returned: always
  type: str
done:
  description: Nothing; the role tells its steps here.
  returned: always
  type: list
  elements: str
  sample: []
check_mode:
  description: Whether the task ran in check mode; with O(audit=true) always V(false).
  returned: always
  type: bool
  sample: false
restarted:
  description: Nothing; the role tells here what it restarted.
  returned: always
  type: list
  elements: str
  sample: []
restart_required:
  description: Whether a process runs with other privileges than its account has now.
  returned: always
  type: bool
  sample: false
events:
  description: Failed POP3 logons in the event log; V(null) where it could not be read.
  returned: always
  type: dict
  contains:
    count: {description: How many in seven days., type: int}
    newest:
      description: Time of the newest, or V(null).
      type: str
    privilege_failure_at:
      description: Time of the newest that says that a privilege is not held, or V(null).
      type: str
    since_seconds: {description: How far back the log was read., type: int}
unread:
  description: What Windows refused to tell, one sentence each.
  returned: always
  type: list
  elements: str
  sample: []
restore:
  description: Nothing; the role tells here what undoes its change.
  returned: always
  type: list
  elements: dict
  sample: []
restore_file:
  description: V(null); the role names here the file that holds it.
  returned: always
  type: str
failure:
  description: Why the task failed; empty where it did not.
  returned: always
  type: str
  sample: ''
compliant:
  description: Whether POP3 users can log on, as far as was seen, and nothing is left to do.
  returned: always
  type: bool
  sample: false
unknown:
  description: Whether that is not known; RV(compliant) is then V(false).
  returned: always
  type: bool
  sample: false
advice:
  description: What is left to do.
  returned: always
  type: str
msg:
  description: One sentence for somebody who knows none of these words.
  returned: always
  type: str
  sample: POP3 users can log on.
finding:
  description:
    - Why an audit ends with an error for this host, as C(pop3_prerequisites_audit_fails) asks, or because not even the
      probe could run; empty where it does not.
  returned: O(audit=true)
  type: str
  sample: ''
look:
  description:
    - What the role goes on with. Absent where it has nothing to do.
  returned: when something is to be explained or changed
  type: dict
  contains:
    probe:
      description: The result of M(winmail.exchange.pop3_probe).
      type: dict
    server:
      description: The result of M(winmail.exchange.pop3_server_info), or C(msg) alone where it could not be looked at.
      type: dict
    cure:
      description: The decision, in the form of P(winmail.exchange.pop3_cure#filter).
      type: dict
"""
