#!/usr/bin/python
# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: pop3_server_info
short_description: Say which service serves POP3, whether its account has the right it needs, and what to do
version_added: 1.0.0
description:
  - Finds the generation of Exchange and the service that serves POP3, looks at the account it runs under, at the
    Windows user rights that this account needs there, at who governs them, and at the logon failures in the event log.
    Then it says in one sentence what would cure the fault of Microsoft's article Q171435.
  - Runs on the controller and uses the play's WinRM connection. Nothing is copied to the host and PowerShell is not
    used. The account of the connection has to be an administrator of the host.
  - What Windows refuses to tell is unknown in the result, never absent; RV(unread) says what was refused and why.
options:
  service:
    description:
      - Key name of the service that serves POP3.
      - V(auto) finds it by the generation of Exchange. That is V(MSExchangeIS) for 5.0 and 5.5, V(POP3Svc) for 2000
        and 2003, V(MSExchangePOP3) for 2007 and 2010, V(MSExchangePOP3) and V(MSExchangePOP3BE) from 2013 on.
      - Name it for any other POP3 server. A service that does not exist fails the task.
    type: str
    default: auto
  account:
    description:
      - The account whose rights are looked at, as SID, C(DOMAIN\name), C(.\name), C(name), C(NT SERVICE\name) or UPN.
      - V(auto) takes the account that the service's process runs under, or, where it does not run, the one that it is
        configured for.
    type: str
    default: auto
  rights:
    description:
      - The user rights to look at, by constant or English display name, in any case.
      - V(auto), alone, takes what the service needs. For Exchange 5.x that is C(SeTcbPrivilege); for any other service
        under an account that is not built in, C(SeServiceLogonRight); else nothing.
    type: list
    elements: str
    default: [auto]
  since:
    description: How far back to look for logon failures, in seconds or with a unit (V(90m), V(24h), V(7d), V(1d12h)).
    type: str
    default: 7d
  max_events:
    description: At most how many of the newest events to read (500 and less). V(0) does not read the log.
    type: int
    default: 20
  probe_privilege:
    description:
      - What M(winmail.exchange.pop3_probe) said before in its RV(winmail.exchange.pop3_probe#module:privilege).
      - It is evidence where nothing else is. A right that comes from a domain group cannot be seen from here, and a
        process that started before the grant does not have it; the probe shows both.
    type: str
    choices:
      held: A logon worked.
      missing: The server answered that a required privilege is not held.
      unknown: No probe was run, or it could not tell.
    default: unknown
extends_documentation_fragment:
  - winmail.exchange._attributes
  - winmail.exchange._attributes.windows
  - winmail.exchange._attributes.info
  - winmail.exchange._actiongroup
notes:
  - A right is V(missing) only where no holder of it can contain the account. Who is in a domain group cannot be seen
    without delegated credentials. So one domain account among the holders, which may be such a group, makes it
    V(unknown); RV(rights[].may_hold_through) names it.
  - Exchange 5.x keeps accepted logons in a cache, 15 minutes without use and 120 minutes at most (Q166620). It can hide
    the fault or its cure for that long.
  - Events are told apart by number, source and text. The text of error 1314 is known in English and by its number only;
    in another language RV(events.groups[].no_privilege) stays V(false), and the events count as no evidence.
seealso:
  - module: winmail.exchange.pop3_probe
  - module: winmail.exchange.service_restart
  - module: winmail.exchange.user_right
  - module: winmail.exchange.user_right_info
  - name: Microsoft Knowledge Base article Q171435
    description: POP3 Logon Attempt Fails with Event 11202. The fault that this module looks for.
    link: https://github.com/jeffpar/kbarchive/blob/master/kb/171/Q171435/README.md
author:
  - winmail.exchange contributors (!UNKNOWN)
"""

EXAMPLES = r"""
---
- name: Look at the POP3 server
  winmail.exchange.pop3_server_info:
  register: server

- name: Say what to do
  ansible.builtin.debug:
    msg: "{{ server.remedy.action }}: {{ server.remedy.reason }}"

- name: Grant what is missing, to the account that lacks it
  winmail.exchange.user_right:
    name: "{{ item }}"
    accounts: "{{ server.remedy.accounts }}"
  loop: "{{ server.remedy.rights }}"
  when: server.remedy.action == 'grant'

- name: Probe first, and let what it saw count
  winmail.exchange.pop3_probe:
    login: canary
  register: probe

- name: Look at the POP3 server with the probe's evidence
  winmail.exchange.pop3_server_info:
    probe_privilege: "{{ probe.privilege }}"

- name: See whether a planned service account has the four rights of article Q247764
  winmail.exchange.pop3_server_info:
    account: CORP\exsvc2
    rights:
      - SeTcbPrivilege
      - SeServiceLogonRight
      - SeRestorePrivilege
      - SeBackupPrivilege
    max_events: 0

- name: Look at another POP3 server, and fail where its account may not log on as a service
  winmail.exchange.pop3_server_info:
    service: hMailServer
    since: 24h
  register: other
  failed_when: other.failed | default(false) or other.remedy.action in ['grant', 'governed']
"""

RETURN = r"""
computer:
  description: The host as Windows names it.
  returned: success
  type: dict
  contains:
    name: {description: NetBIOS name., type: str}
    domain: {description: Domain or workgroup., type: str}
    part_of_domain: {description: Whether the host is a member of a domain., type: bool}
    role:
      description:
        - V(standalone_workstation), V(member_workstation), V(standalone_server), V(member_server),
          V(backup_domain_controller) or V(primary_domain_controller).
      type: str
    domain_controller:
      description: Whether the host is a domain controller, where rights belong in the domain controllers' policy.
      type: bool
  sample: {name: EXCH50, domain: corp.example, part_of_domain: true, role: member_server, domain_controller: false}
windows:
  description: The operating system and its clock; V(null) where Windows refused to tell.
  returned: success
  type: dict
  contains:
    caption:
      description: Name of the product, in the language of the host.
      type: str
    version: {description: Version and build., type: str}
    product_type:
      description: V(1) client, V(2) domain controller, V(3) server.
      type: int
    time:
      description: The host's own clock, or V(null).
      type: str
  sample:
    caption: Microsoft Windows Server 2019 Standard
    version: 10.0.17763
    product_type: 3
    time: '2026-11-24T09:00:00Z'
exchange:
  description: Which Exchange is installed.
  returned: success
  type: dict
  contains:
    generation:
      description:
        - V(5.x), V(2000), V(2003), V(2007), V(2010), V(2013), V(2016), V(2019), V(SE), V(none) or V(unknown).
        - 5.0 and 5.5 write nothing here that tells them apart; the banner of M(winmail.exchange.pop3_probe) does.
      type: str
    version:
      description: Product version, or V(null).
      type: str
    build:
      description: Version and build, or V(null).
      type: str
    source:
      description: What says so, V(registry), V(services) or V(none).
      type: str
  sample: {generation: SE, version: '15.2', build: 15.2.2562.17, source: registry}
hosting:
  description: The services that serve POP3, front end first; empty where none was found.
  returned: success
  type: list
  elements: dict
  contains:
    name: {description: Key name of the service., type: str}
    display_name: {description: Display name of the service., type: str}
    state:
      description: State as Windows gives it, such as V(Running) or V(Stopped).
      type: str
    start_mode:
      description: V(Auto), V(Manual) or V(Disabled).
      type: str
    process_id: {description: Number of its process; V(0) where it does not run., type: int}
    started_at: {description: Start of its process; V(null) where it does not run or Windows did not tell., type: str}
    account:
      description:
        - The account that its process runs under, or that it is configured for, as SID, name and kind; kinds are those
          of RV(winmail.exchange.user_right#module:rights[].after).
      type: dict
    account_source:
      description:
        - V(process), the process itself runs under RV(hosting[].account).
        - V(configuration), it does not run, or Windows did not tell whose it is; RV(hosting[].account) is then what the
          service is configured for, which a running process need not have.
      type: str
    configured_account:
      description: The account that it is configured for, as Windows spells it.
      type: str
  sample:
    - name: MSExchangeIS
      display_name: Microsoft Exchange Information Store
      state: Running
      start_mode: Auto
      process_id: 1432
      started_at: '2026-11-23T06:00:00Z'
      account: {sid: S-1-5-21-1-2-3-1107, name: 'CORP\exsvc', kind: account}
      account_source: process
      configured_account: CORP\exsvc
clash:
  description:
    - The POP3 service of Windows Server 2003, which has the key name of Exchange 2000's and 2003's own. V(null) where
      there is none.
  returned: success
  type: dict
  sample: null
rights:
  description: Each right that was looked at, for each account.
  returned: success
  type: list
  elements: dict
  contains:
    name: {description: Constant of the right., type: str}
    display_name: {description: English display name of the right., type: str}
    account:
      description: The account in question, as SID, name and kind.
      type: dict
    services: {description: Key names of the services that this is about., type: list, elements: str}
    held:
      description:
        - V(direct), the account itself is a holder.
        - V(group), a group that certainly contains it is; RV(rights[].via) names it.
        - V(missing), no holder can contain it. Windows' own identities, such as the group of all virtual machines,
          contain no such account; a SID that no document knows might.
        - V(unknown), neither can be shown from here; RV(rights[].why_unknown) says why.
      type: str
    via: {description: The groups through which the account holds the right., type: list, elements: dict}
    may_hold_through:
      description: The holders that may contain the account, where RV(rights[].held=unknown).
      type: list
      elements: dict
    why_unknown: {description: Why the answer is unknown; V(null) otherwise., type: str}
    governed:
      description:
        - Who governs the right, in the form of RV(winmail.exchange.user_right#module:rights[].governed).
          V(null) where the rights could not be read.
      type: dict
  sample:
    - name: SeTcbPrivilege
      display_name: Act as part of the operating system
      account: {sid: S-1-5-21-1-2-3-1107, name: 'CORP\exsvc', kind: account}
      services: [MSExchangeIS]
      held: missing
      via: []
      may_hold_through: []
      why_unknown: null
      governed:
        status: none_seen
        gpo: null
        source: null
        sources: [cache, mdm]
        disagreement: null
        why_unknown: null
        domain_controller: false
        as_of: '2026-11-24T09:00:00Z'
events:
  description: Failed POP3 logons in the Application log (11202 and 13003 of the POP3 source).
  returned: success
  type: dict
  contains:
    status:
      description: V(read), V(unknown) (the log could not be read, RV(events.refusal) says why) or V(not_asked).
      type: str
    refusal:
      description: Why the log could not be read, or V(null).
      type: str
    since_seconds: {description: How far back the log was read., type: int}
    count:
      description: How many events were found, at most O(max_events); V(null), not V(0), where the log was not read.
      type: int
    newest:
      description: Time of the newest event, or V(null).
      type: str
    privilege_failure_at:
      description: Time of the newest event that says that a privilege is not held, or V(null).
      type: str
    groups:
      description: Equal events together, the newest first.
      type: list
      elements: dict
      contains:
        event_id: {description: Number of the event., type: int}
        source: {description: Source as the log spells it., type: str}
        type:
          description: V(Failure Audit), V(Error) and so on; an audit is told by its bit, not by its level.
          type: str
        text:
          description: The message, or the strings that it is made of where the host did not render it.
          type: str
        no_privilege: {description: Whether the text says that a required privilege is not held., type: bool}
        count: {description: How many such events., type: int}
        newest:
          description: Time of the newest of them, or V(null).
          type: str
  sample:
    status: read
    refusal: null
    since_seconds: 604800
    count: 3
    newest: '2026-11-24T08:59:12Z'
    privilege_failure_at: '2026-11-24T08:59:12Z'
    groups:
      - event_id: 11202
        source: MSExchangePOP3
        type: Failure Audit
        text: 'HrLookupCredentials() A required privilege is not held by the client.'
        no_privilege: true
        count: 3
        newest: '2026-11-24T08:59:12Z'
remedy:
  description: What would cure the fault.
  returned: success
  type: dict
  contains:
    action:
      description:
        - V(grant), the account lacks the right and no Group Policy forbids it.
        - V(governed), a Group Policy sets the right without the account, so a local grant would not last; or it gives
          the right and is not in force yet.
        - V(restart), the right is held, but the running process does not have it.
        - V(none), nothing is wrong as far as can be seen.
        - V(not_applicable), a built-in account, or no POP3 service, so there is nothing to grant.
        - V(unknown), what decides could not be seen.
      type: str
    reason:
      description: Why, in one sentence.
      type: str
    rights: {description: Constants of the rights that it is about., type: list, elements: str}
    accounts: {description: SIDs of the accounts that it is about., type: list, elements: str}
    services:
      description: Key names of the services that it is about; after a grant, those to restart.
      type: list
      elements: str
    gpo_lines:
      description: With V(governed), the lines for C([Privilege Rights]) of the policy's C(GptTmpl.inf); else empty.
      type: list
      elements: str
  sample:
    action: grant
    reason: >-
      CORP\exsvc does not hold SeTcbPrivilege (Act as part of the operating system), which Exchange 5.x needs to check a
      clear-text POP3 logon (Q171435); restart MSExchangeIS afterwards, for a process keeps the privileges it started
      with, and restart the computer if that does not cure it (Q189732).
    rights: [SeTcbPrivilege]
    accounts: [S-1-5-21-1-2-3-1107]
    services: [MSExchangeIS]
    gpo_lines: []
unread:
  description: What Windows refused to tell, one sentence each; empty in an ordinary run.
  returned: success
  type: list
  elements: str
  sample: []
"""
