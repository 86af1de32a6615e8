#!/usr/bin/python
# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is documentation only: the code is plugins/action/user_right.py.

from __future__ import annotations

DOCUMENTATION = r"""
module: user_right
short_description: Give, take or set Windows user rights, many in one task, without PowerShell on the target
version_added: 1.0.0
description:
  - Gives user rights (privileges and logon rights) to accounts, takes them away, or states the whole list of holders.
  - One task reads the host's user rights once, computes what must change, writes it in one go and reads it back.
    Forty rights cost about as much as one.
  - Nothing is copied to the target and PowerShell is not used there. Windows' own C(secedit.exe) and C(icacls.exe) are
    run in a WinRM shell, and names are looked up by WS-Management, so it works under constrained language mode,
    AppLocker and WDAC, on any language of Windows, and needs no delegated credentials.
  - Existing holders are never lost. If one holder of a right that must be rewritten cannot be pinned to a SID, the task
    fails before any change and names it.
  - A change that would cut off Administrators, the connecting account, all services or a whole domain is refused; see
    O(allow_lockout).
  - A right that a Group Policy or device management sets is reported as such; see O(gpo_conflict).
options:
  name:
    description:
      - The right of the short form, as a constant (C(SeTcbPrivilege)), an English display name
        (C(Act as part of the operating system)) or in the spelling of SecurityPolicyDsc, in any case.
      - Mutually exclusive with O(rights).
    type: str
  accounts:
    description:
      - The accounts of the short form.
      - Each is a SID, C(DOMAIN\name), C(.\name) for a local account, C(name@domain), C(NT SERVICE\name),
        C(RESTRICTED SERVICES\name), C(IIS APPPOOL\name), C(NT VIRTUAL MACHINE\GUID), a plain name, or an English
        well-known name such as C(Administrators), which is understood on every language of Windows.
      - A plain name is looked up as Windows does it, first among the well-known ones, then on the computer and then in
        its domain. Write C(.\name) or C(DOMAIN\name) where more than one may exist. A single English word such as
        C(Service) means the host's own account of that name where Windows there has no such word, and else Windows'.
      - The SID of a domain, of a name space (C(S-1-5-80)) or of nobody is refused, but can be taken out of a right.
      - Required with O(name), mutually exclusive with O(rights). Null is not an empty list and is refused.
    type: list
    elements: str
  state:
    description:
      - What the short form does with O(accounts).
      - Mutually exclusive with O(rights), whose entries say it themselves.
    type: str
    choices:
      present: They hold the right; others keep it.
      absent: They do not hold the right; others keep it.
      pure: Exactly they hold the right. An empty list takes the right from everybody.
    default: present
  rights:
    description:
      - The long form, any number of rights in one read and one write.
      - RV(restore) of an earlier task can be given here to undo it.
    type: list
    elements: dict
    suboptions:
      name:
        description: The right, spelled as in O(name).
        type: str
        required: true
      add:
        description: Accounts that shall hold the right; others keep it.
        type: list
        elements: str
      remove:
        description: Accounts that shall not hold the right; others keep it.
        type: list
        elements: str
      set:
        description:
          - Exactly the accounts that shall hold the right. An empty list takes it from everybody.
          - Cannot be combined with O(rights[].add) and O(rights[].remove).
        type: list
        elements: str
      enabled:
        description:
          - Whether this entry counts. One that does not is as if it were not written.
          - It takes the place of C(when) where rules of their own are entries of one task, usually with a template,
            C("{{ rule_12 }}").
          - Null is refused, for it may stand for either.
        type: bool
        default: true
  gpo_conflict:
    description:
      - What to do when a right that must change is set by a Group Policy or by device management, which will undo the
        change, or when that is not known.
      - On a domain controller whose policies do not set the right, the change is made, and a warning says where that
        belongs which all controllers shall have.
    type: str
    choices:
      warn: Change it and warn, with the policy's name and the line for its template, or why it is not known.
      fail: Change nothing and fail with the same sentences.
      ignore: Change it and say nothing; RV(rights[].governed) still tells.
    default: warn
  allow_lockout:
    description:
      - Allow a change that takes network, local or remote logon from Administrators or from the connecting account,
        denies them a logon, denies one to everybody who logs on in that way or to a whole domain, or takes a right from
        an identity of Windows that holds it by default (services, virtual machines, application pools).
      - It switches the guard off for the whole task, in check mode as well.
    type: bool
    default: false
  confirm:
    description:
      - Whether the host undoes the change by itself, O(confirm_timeout) seconds later or at its next boot, unless a new
        logon of the same account works before.
      - Before anything is changed the host rehearses the roll-back, as a task of its Task Scheduler that runs as
        SYSTEM; a host that cannot do it is refused. So is a right that a policy sets, unless O(gpo_conflict=ignore),
        and a host where C(whoami.exe) does not tell who is connected.
      - It catches a shut network logon. It cannot test the logons of people and services; see the guide on changes that
        undo themselves.
      - Where Windows carries out a part of the change only, all of it is undone.
      - In check mode nothing is armed; RV(confirm.status) is then V(planned).
    type: bool
    default: false
  confirm_timeout:
    description:
      - How many seconds the change may wait for the new logon, from 60 to 3600. They count from the moment before the
        change is written.
      - Where the door is shut, the task takes this long, and a minute more at most.
    type: int
    default: 300
extends_documentation_fragment:
  - winmail.exchange._attributes
  - winmail.exchange._attributes.windows
  - winmail.exchange._actiongroup
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: full
notes:
  - On the host it writes files named C(winmail-*) below C(%windir%\Temp) and removes them in the same command line,
    the answer of a write once it was read. A later run removes what an interrupted one left, once it is ten minutes
    old.
  - With O(confirm=true) it also writes files of that name below C(%windir%\security) and makes a task named
    C(winmail restores user rights unless confirmed ...); both are gone at the end. What is left of a roll-back that ran
    the next run removes, and says so; one that is still armed is left alone.
  - What Windows insists on stays and is listed in RV(rights[].adjusted_by_windows). It adds Administrators and SERVICE
    to C(SeImpersonatePrivilege) and Administrators to C(SeInteractiveLogonRight). It does not let go of Local Service
    and Network Service in C(SeAuditPrivilege), C(SeChangeNotifyPrivilege), C(SeCreateGlobalPrivilege),
    C(SeIncreaseQuotaPrivilege), C(SeAssignPrimaryTokenPrivilege) and C(SeImpersonatePrivilege), nor of Local Service in
    C(SeSystemtimePrivilege) and C(SeTimeZonePrivilege).
  - Another tool can change rights while this one works. The rights are exported again in the command line that writes
    them, and nothing is written if a single byte differs; what remains is the time that C(secedit) takes to start.
  - A later hardening run can undo a grant. CIS recommendation 2.2.4 sets C(SeTcbPrivilege) to nobody.
  - Needs an administrator of the host with a full token. C(become) is refused, by keyword or by variable; Ansible's
    C(runas) is PowerShell.
seealso:
  - module: winmail.exchange.user_right_info
  - module: winmail.exchange.pop3_server_info
  - module: ansible.windows.win_user_right
    description: One right at a time, by PowerShell and compiled code on the target; replaces the holders by default.
author:
  - winmail.exchange contributors (!UNKNOWN)
"""

EXAMPLES = r"""
---
- name: Let the Exchange service account act as part of the operating system
  winmail.exchange.user_right:
    name: SeTcbPrivilege
    accounts: ['CORP\exsvc']

- name: Give and take several rights in one read and one write
  winmail.exchange.user_right:
    rights:
      - name: SeTcbPrivilege
        add: ['CORP\exsvc']
      - name: Log on as a service
        add: ['CORP\exsvc', 'NT SERVICE\MSExchangePOP3']
        remove: ['CORP\old']
      - name: SeDenyNetworkLogonRight
        set: [S-1-5-32-546]
    gpo_conflict: fail
  register: granted

- name: Choose rules of a hardening role by its variables
  winmail.exchange.user_right:
    rights:
      - name: SeTcbPrivilege
        set: []
        enabled: "{{ rule_2_2_4 }}"
      - name: SeDenyBatchLogonRight
        add: [Guests]
        enabled: "{{ rule_2_2_23 and rule_level == 1 }}"

- name: Deny a group the network logon, and undo it unless a new logon still works
  winmail.exchange.user_right:
    rights:
      - name: SeDenyNetworkLogonRight
        add: ['CORP\batch accounts']
    confirm: true
    confirm_timeout: 300

- name: Undo exactly what that task changed
  winmail.exchange.user_right:
    rights: "{{ granted.restore }}"

- name: Nobody may act as part of the operating system
  winmail.exchange.user_right:
    name: Act as part of the operating system
    accounts: []
    state: pure
"""

RETURN = r"""
rights:
  description: One entry for each right of the task that is enabled, in its order, whether it changed or not.
  returned: success, and when Windows carried out a part only
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
    before:
      description: The holders before the task.
      type: list
      elements: dict
      sample: []
    after:
      description: The holders as read back, or as predicted in check mode.
      type: list
      elements: dict
      contains:
        sid:
          description: The SID, the only thing that is ever compared.
          type: str
        name:
          description:
            - The name that the host gives the SID; null when it has none. Where it could not be asked, the English name
              of a well-known SID.
          type: str
        kind:
          description:
            - What is certain about it. V(user), V(group), V(alias) (a local group), V(computer); V(account) where
              Windows was not asked which of them it is; V(entra_account) for one of Microsoft Entra.
            - V(service), also a restricted one; V(app_pool), V(virtual_machine), V(virtual_account) for other
              identities that Windows makes for its own parts.
            - V(well_known) for what means the same on every Windows; V(app_container), V(capability), V(label) (an
              integrity level), V(logon_session), V(domain) (a domain's or computer's own SID).
            - V(orphan) when Windows was asked and has no name for it, whatever the SID begins with; V(unknown) where no
              document says what the SID is.
          type: str
      sample: [{sid: S-1-5-21-1-2-3-1107, name: 'CORP\exsvc', kind: account}]
    added:
      description: The SIDs that got the right.
      type: list
      elements: str
      sample: [S-1-5-21-1-2-3-1107]
    removed:
      description: The SIDs that lost the right.
      type: list
      elements: str
      sample: []
    adjusted_by_windows:
      description: The SIDs that the security engine insists on, against what the task asked.
      type: list
      elements: str
      sample: []
    governed:
      description: Who sets the right again and again, and so undoes what is changed here.
      type: dict
      contains:
        status:
          description:
            - V(gpo), a Group Policy sets the right; RV(rights[].governed.gpo) names it.
            - V(mdm), device management (MDM, area UserRights of the Policy CSP) sets it.
            - V(none_seen), none of RV(rights[].governed.sources) says so. It promises not that the change will last.
            - V(unknown), the host did not show what would tell; RV(rights[].governed.why_unknown) says why.
          type: str
        gpo:
          description: The policy with its GUID, its name where the host knows it, and the holders it states; else null.
          type: dict
        source:
          description:
            - The witness that was believed, V(cache) for the host's cached templates, V(rsop) for its policy log,
              V(mdm) for the settings of device management in its registry; null where none says that the right is set.
          type: str
        sources:
          description:
            - The witnesses that told something, of V(cache), V(rsop) and V(mdm).
            - Device management is asked only where a right changes that no Group Policy sets.
          type: list
          elements: str
        disagreement:
          description: What another witness says where it disagrees; else null.
          type: str
        why_unknown:
          description: Why RV(rights[].governed.status) is V(unknown); else null.
          type: str
        domain_controller:
          description: Whether the host is a domain controller, whose rights belong in the Domain Controllers' policy.
          type: bool
        as_of:
          description: When this was read, by the controller's clock, in UTC.
          type: str
      sample:
        status: none_seen
        gpo: null
        source: null
        sources: [cache, rsop, mdm]
        disagreement: null
        why_unknown: null
        domain_controller: false
        as_of: '2026-11-24T09:00:00Z'
    verified:
      description: Whether the state in RV(rights[].after) was read from the host. False for a change in check mode.
      type: bool
      sample: true
restore:
  description: What to give as O(rights) to undo exactly what this task changed. Empty when nothing changed.
  returned: success, and when Windows carried out a part only
  type: list
  elements: dict
  sample: [{name: SeTcbPrivilege, set: []}]
confirm:
  description: What became of the confirmation. A refusal fails the task before any change and returns none.
  returned: when O(confirm) is true
  type: dict
  contains:
    status:
      description:
        - V(confirmed), a new logon worked, the roll-back was taken back, and after that the rights were read as
          planned.
        - V(reverted), they were read as they were before; the task fails. The host undid the change, or it was undone
          because Windows did not carry out all of it.
        - V(overtaken), a new logon worked, but somebody else changed the same rights meanwhile; the task fails.
        - V(not_needed), nothing had to change, so nothing was armed.
        - V(planned), in check mode, the change would be armed.
      type: str
    timeout:
      description: O(confirm_timeout).
      type: int
    way:
      description:
        - How the task of the host was made, V(cim), or V(schtasks) where CIM does not take it. Null where none was
          made.
      type: str
    task:
      description: The name of that task; null where none was made.
      type: str
    took:
      description: How many seconds passed from arming to the answer; null where nothing was armed.
      type: float
    undone:
      description: The rights that were read as they were before, where RV(confirm.status) is V(reverted).
      type: list
      elements: str
    reason:
      description: Why it was not confirmed, the sentence of the failure; null where it was.
      type: str
  sample:
    status: confirmed
    timeout: 300
    way: cim
    task: winmail restores user rights unless confirmed 20261124T090000Z-0123456789ab
    took: 1.4
    undone: []
    reason: null
"""
