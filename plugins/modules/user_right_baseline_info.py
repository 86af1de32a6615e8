#!/usr/bin/python
# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is documentation only: the code is plugins/action/user_right_baseline_info.py.

from __future__ import annotations

DOCUMENTATION = r"""
module: user_right_baseline_info
short_description: Judge the user rights of a Windows host against a baseline, in one read
version_added: 1.0.0
description:
  - Reads the user rights of a host once, judges every control of a baseline, and tells for each who is beyond it,
    who is missing, who is allowed all the same, and why. It never changes anything.
  - Says C(unknown) where the host does not show enough, and never guesses.
  - Returns in RV(remedy) what O(winmail.exchange.user_right#module:rights) needs to cure what fails.
  - One baseline is judged at a time, for baselines contradict each other. Who holds a right through a group is not
    judged, as baselines do not.
options:
  baseline:
    description:
      - The name of a baseline that comes with the collection, such as V(microsoft_windows_server_2025), or the path of
        a file on the controller.
      - A relative path is looked for as Ansible looks for files, in C(files) of the role and the play first.
    type: str
    required: true
  host_role:
    description:
      - What the host is, for a baseline asks other things of a domain controller than of a member.
      - V(auto) takes it from the host. A workstation is then judged as the server in its place, V(member_server) in a
        domain and V(workgroup_member) outside, and a warning says so.
      - Where another value is not what the host says, it is judged as the value says, with a warning.
    type: str
    choices: [auto, member_server, domain_controller, workgroup_member]
    default: auto
  controls:
    description:
      - Judge only the controls with these ids. Empty means all.
      - An id that the baseline does not have is an error.
    type: list
    elements: str
    default: []
  waivers:
    description:
      - Agreed exceptions. A control that fails is C(waived) where its waivers cover all that fails, and still fails
        where they cover a part; RV(remedy) leaves alone what they cover.
    type: list
    elements: dict
    default: []
    suboptions:
      control:
        description: The id of the control. One that the baseline does not have is an error.
        type: str
        required: true
      accounts:
        description:
          - Whom the waiver is for, spelled as in O(winmail.exchange.user_right#module:accounts). An account that holds
            the right although it may not, or one that does not hold it although it has to.
          - One that the host does not know is without effect, and a warning says so.
        type: list
        elements: str
        required: true
      reason:
        description: Why, and who agreed to it.
        type: str
        required: true
      until:
        description:
          - The last day on which it holds (UTC), as C(YYYY-MM-DD). Without it there is no end.
          - A waiver that has ended is as if there were none, and a warning says so.
        type: str
extends_documentation_fragment:
  - winmail.exchange._attributes
  - winmail.exchange._attributes.info
  - winmail.exchange._attributes.windows
  - winmail.exchange._actiongroup
notes:
  - On the host it writes files named C(winmail-*) below C(%windir%\Temp) and removes them in the same command line.
  - Domain Admins and Enterprise Admins are known by the SID of the domain, which the host tells by its own account
    there. Enterprise Admins are in the root domain of the forest only, so that on a member of another domain a control
    that names them is C(unknown).
  - Needs an administrator of the host with a full token.
seealso:
  - module: winmail.exchange.user_right
  - module: winmail.exchange.user_right_info
author:
  - winmail.exchange contributors (!UNKNOWN)
"""

EXAMPLES = r"""
---
- name: Judge a host against Microsoft's baseline
  winmail.exchange.user_right_baseline_info:
    baseline: microsoft_windows_server_2025
  register: judged

- name: Show what fails
  ansible.builtin.debug:
    msg: "{{ judged.controls | selectattr('status', 'eq', 'fail') | map(attribute='reason') }}"

- name: Cure it, on a host that no policy governs
  winmail.exchange.user_right:
    rights: "{{ judged.remedy }}"
    gpo_conflict: fail
  when: judged.remedy | length > 0

- name: Judge two controls, one with an agreed exception
  winmail.exchange.user_right_baseline_info:
    baseline: microsoft_windows_server_2025
    controls: [BackupFilesAndDirectories, DebugPrograms]
    waivers:
      - control: BackupFilesAndDirectories
        accounts: ['CORP\backup']
        reason: agreed with security, ticket 4711
        until: '2027-03-31'
"""

RETURN = r"""
computer:
  description: The host that was read, as in RV(winmail.exchange.user_right_info#module:computer).
  returned: success
  type: dict
  sample: {name: MAIL1, domain: corp.example, part_of_domain: true, domain_controller: false}
as_of:
  description: When the host was read (UTC).
  returned: success
  type: str
  sample: '2026-11-24T09:00:00Z'
host_role:
  description: What the host was judged as.
  returned: success
  type: str
  sample: member_server
baseline:
  description: The baseline, with the release it was read from.
  returned: success
  type: dict
  sample:
    name: microsoft_windows_server_2025
    title: Microsoft security baseline for Windows Server 2025 (OSConfig), user rights
    release: '2510'
    source: github.com/microsoft/osconfig, security/SecurityBaseline_WindowsServer_2025-2510.csv
compliant:
  description:
    - False as soon as one control fails; null where none fails but one is unknown; else true.
    - Controls that are waived or not applicable do not hinder true.
  returned: success
  type: bool
  sample: false
summary:
  description: How many controls have each status.
  returned: success
  type: dict
  sample: {pass: 31, fail: 4, unknown: 1, not_applicable: 2, waived: 1}
controls:
  description: One entry for each control, in the order of the baseline.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: The id of the control in the baseline.
      type: str
      sample: RemoteShutdown
    title:
      description: Its title in the baseline.
      type: str
      sample: Force shutdown from a remote system
    right:
      description: The constant of the right; null for a control about every right.
      type: str
      sample: SeRemoteShutdownPrivilege
    display_name:
      description: The English display name of the right.
      type: str
      sample: Force shutdown from a remote system
    operator:
      description:
        - C(at_most) allows nobody else, and nobody is fine; C(at_least) allows others as well; C(exactly) allows
          neither more nor less; C(nobody) allows no holder.
      type: str
      sample: exactly
    expected:
      description:
        - The accounts that the control names; RV(controls[].expected[].sid) is null where the host could not say who it
          is. Where any one of several would do, C(any_of) lists them, and the first is told beside it.
        - Empty where the control does not apply to the host.
      type: list
      elements: dict
      sample: [{sid: S-1-5-32-544, name: 'BUILTIN\Administrators'}]
      contains:
        sid:
          description: The SID of the account.
          type: str
          sample: S-1-5-32-544
        name:
          description: Its name on the host, or as the baseline has it.
          type: str
          sample: 'BUILTIN\Administrators'
        any_of:
          description: All the accounts of which one is enough.
          returned: where there are several
          type: list
          elements: dict
          sample: [{sid: S-1-5-114, name: 'NT AUTHORITY\Local account and member of Administrators group'}]
    status:
      description:
        - C(pass), C(fail), C(unknown), C(not_applicable) or C(waived).
        - C(unknown) where a holder has no SID, the line of the right cannot be relied on, or the host could not say who
          an expected account is; a control that fails by another holder fails all the same.
      type: str
      sample: fail
    holders:
      description:
        - The accounts that hold the right, in the form of RV(winmail.exchange.user_right#module:rights[].after).
        - One that has no SID here keeps the name that the host wrote.
      type: list
      elements: dict
      sample: [{sid: S-1-5-32-544, name: 'BUILTIN\Administrators', kind: alias}]
    extra:
      description: The holders beyond C(at_most), C(exactly) and C(nobody).
      type: list
      elements: dict
      sample: [{sid: S-1-5-32-549, name: 'BUILTIN\Server Operators', kind: alias}]
    missing:
      description: The accounts short of C(at_least) and C(exactly).
      type: list
      elements: dict
      sample: []
    allowed_by:
      description:
        - Holders that are no finding although the control does not expect them, and why. Optional members of the
          baseline, whom Windows insists on, and what a waiver covers.
      type: list
      elements: dict
      sample: [{sid: S-1-5-83-0, reason: the machines of Hyper-V}]
    severity:
      description: C(critical), C(high), C(medium), C(low) or C(informational), as the baseline has it.
      type: str
      sample: critical
    references:
      description: Ids of other catalogues, such as C(cce), C(cci) and C(nist), as the baseline has them.
      type: dict
      sample: {cce: CCE-37877-8}
    governed:
      description:
        - Who governs the right, in the form of RV(winmail.exchange.user_right#module:rights[].governed); that is where
          to change it. Null for a control about every right, and for one that does not apply.
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
    reason:
      description: Why the status is what it is, in one sentence.
      type: str
      sample: It is held by BUILTIN\Server Operators (S-1-5-32-549), who may not.
    concerns:
      description: What of the holders the control is about; C(orphans) are SIDs that the host has no name for.
      returned: for a control that is about orphans only
      type: str
      sample: orphans
    note:
      description: What the baseline says beside it, for people.
      returned: where there is one
      type: str
      sample: >-
        The check finds no fault with an application account that needs this right, if its vendor documents that and the
        security officer has it in writing; waive it.
remedy:
  description:
    - What O(winmail.exchange.user_right#module:rights) needs to cure what fails, as additions and removals, one entry
      for each right. It removes neither whom Windows insists on nor what is allowed or waived, and has nothing for a
      right with a holder that is not known.
    - It leaves an identity of Windows that needs the right, such as the print spooler, for
      M(winmail.exchange.user_right) would refuse to take it away; RV(controls[].reason) says so.
    - Where only a control about orphans names it, it leaves an orphan of another domain, which may just be out of
      reach, and one of a kind that has no names.
  returned: success
  type: list
  elements: dict
  sample: [{name: SeRemoteShutdownPrivilege, remove: [S-1-5-32-549]}]
  contains:
    name:
      description: The constant of the right.
      type: str
      sample: SeRemoteShutdownPrivilege
    add:
      description: The SIDs to add.
      returned: where there are some
      type: list
      elements: str
      sample: [S-1-5-32-546]
    remove:
      description: The SIDs to remove.
      returned: where there are some
      type: list
      elements: str
      sample: [S-1-5-32-549]
orphans:
  description: The SIDs that hold any right of the host, of the baseline or not, and that the host has no name for.
  returned: success
  type: list
  elements: str
  sample: []
waivers:
  description: The waivers of the controls that were judged, as they stand on this host.
  returned: success
  type: list
  elements: dict
  sample: []
  contains:
    control:
      description: The id of the control.
      type: str
      sample: BackupFilesAndDirectories
    accounts:
      description: The accounts that the host knows.
      type: list
      elements: dict
      sample: [{sid: S-1-5-21-1-2-3-1131, name: 'CORP\backup', kind: account}]
    unknown_accounts:
      description: The accounts that the host does not know, as O(waivers[].accounts) has them.
      type: list
      elements: str
      sample: []
    reason:
      description: As O(waivers[].reason) has it.
      type: str
      sample: agreed with security, ticket 4711
    until:
      description: The last day on which it holds; null without an end.
      type: str
      sample: '2027-03-31'
    state:
      description: C(in_force), C(expired), or C(unknown_account) where the host knows none of its accounts.
      type: str
      sample: in_force
"""
