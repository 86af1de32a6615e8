#!/usr/bin/python
# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is documentation only: the code is plugins/action/user_right_info.py.

from __future__ import annotations

DOCUMENTATION = r"""
module: user_right_info
short_description: Tell who holds which Windows user right, without PowerShell on the target
version_added: 1.0.0
description:
  - Reads the user rights of a host once and tells who holds what, by right and by account.
  - A right that nobody holds is listed with an empty list. SIDs that the host has no name
    for are listed as orphans.
  - For accounts that the task names it also tells which rights they hold through a group of the host, and which they
    may hold through a group whose members cannot be seen from there. It never concludes from direct membership alone
    that an account does not hold a right.
options:
  names:
    description:
      - The rights to tell about, spelled as in O(winmail.exchange.user_right#module:name). Empty means all.
    type: list
    elements: str
    default: []
  accounts:
    description:
      - The accounts to tell about, spelled as in O(winmail.exchange.user_right#module:accounts).
      - Empty means every holder.
    type: list
    elements: str
    default: []
extends_documentation_fragment:
  - winmail.exchange._attributes
  - winmail.exchange._attributes.info
  - winmail.exchange._attributes.windows
  - winmail.exchange._actiongroup
notes:
  - On the host it writes files named C(winmail-*) below C(%windir%\Temp) and removes them in the same command line.
    What an earlier run left is removed as well; a warning says where a roll-back had run.
  - Members of a domain group, and so of a domain group in a local group, cannot be seen without delegated credentials.
  - Needs an administrator of the host with a full token.
seealso:
  - module: winmail.exchange.user_right
  - module: winmail.exchange.pop3_server_info
author:
  - winmail.exchange contributors (!UNKNOWN)
"""

EXAMPLES = r"""
---
- name: Read all user rights
  winmail.exchange.user_right_info:
  register: rights

- name: Show orphaned SIDs
  ansible.builtin.debug:
    var: rights.orphans

- name: Ask whether the service account can act as part of the operating system
  winmail.exchange.user_right_info:
    names: [SeTcbPrivilege, Log on as a service]
    accounts: ['CORP\exsvc']
  register: exsvc
"""

RETURN = r"""
computer:
  description: The host that was read.
  returned: success
  type: dict
  sample: {name: MAIL1, domain: corp.example, part_of_domain: true, domain_controller: false}
rights:
  description: One entry for each right that was asked, or for every right.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: The constant of the right.
      type: str
      sample: SeTcbPrivilege
    display_name:
      description: The English display name of the right.
      type: str
      sample: Act as part of the operating system
    holders:
      description: The accounts that hold it, in the form of RV(winmail.exchange.user_right#module:rights[].after).
      type: list
      elements: dict
      sample: [{sid: S-1-5-21-1-2-3-1107, name: 'CORP\exsvc', kind: account}]
    unresolved:
      description: Entries that the host wrote as a name which could not be pinned to a SID.
      type: list
      elements: str
      sample: []
    unreadable:
      description: Why this right's line cannot be relied on; null in every ordinary case.
      type: str
      sample: null
    governed:
      description: Who governs the right, in the form of RV(winmail.exchange.user_right#module:rights[].governed).
      type: dict
      sample:
        status: none_seen
        gpo: null
        source: null
        sources: [cache, rsop, mdm]
        disagreement: null
        why_unknown: null
        domain_controller: false
        as_of: '2026-11-24T09:00:00Z'
accounts:
  description: One entry for each account that was asked, or for every holder.
  returned: success
  type: list
  elements: dict
  contains:
    sid:
      description: The SID of the account.
      type: str
      sample: S-1-5-21-1-2-3-1107
    name:
      description: The name that the host gives the SID; null when it has none.
      type: str
      sample: 'CORP\exsvc'
    kind:
      description: The kind of account, as in RV(winmail.exchange.user_right#module:rights[].after).
      type: str
      sample: account
    asked_as:
      description: The spelling in O(accounts); null when O(accounts) was empty.
      type: str
      sample: 'CORP\exsvc'
    direct:
      description: The rights it holds itself.
      type: list
      elements: str
      sample: [SeServiceLogonRight]
    through:
      description: The rights it holds through a group, with the groups. Only for accounts in O(accounts).
      type: list
      elements: dict
      sample: [{right: SeChangeNotifyPrivilege, groups: [{sid: S-1-1-0, name: Everyone, kind: well_known}]}]
    may_hold:
      description:
        - The rights it may hold through groups that cannot be looked into, with the groups and the reason (C(why)).
        - Only for accounts in O(accounts). At most twelve groups of the host are looked into, Administrators first.
      type: list
      elements: dict
      sample: []
orphans:
  description: The SIDs of holders that the host has no name for. They can be removed by their SID only.
  returned: success
  type: list
  elements: str
  sample: []
"""
