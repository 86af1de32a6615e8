#!/usr/bin/python
# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: service_restart
short_description: Restart a Windows service and what depends on it, in order
version_added: 1.0.0
description:
  - Stops what runs and depends on a service, the deepest first, then the service itself; starts the service and then,
    in the opposite order, what was stopped with it. It waits for each to stop and to start.
  - A process keeps the privileges it started with, so a granted user right works only after the restart of the service
    that needs it.
  - Runs on the controller and uses WS-Management over the play's WinRM connection. Nothing is copied to the host and
    PowerShell is not used.
  - It restarts and does nothing else; M(ansible.windows.win_service) configures services.
options:
  name:
    description: Key name of the service, in any case (services.msc shows it as Service name).
    type: str
    required: true
  dependents:
    description:
      - Whether to restart what runs and depends on the service as well.
      - With V(false) the task fails, before it stops anything, where something that runs depends on the service.
    type: bool
    default: true
  timeout:
    description:
      - How long each service may take to stop, and then to start, in seconds (1 to 3600).
      - The first service that takes longer ends the restart. Nothing waits for it a second time, and what was stopped
        before it is started again within half a minute.
    type: int
    default: 120
extends_documentation_fragment:
  - winmail.exchange._attributes
  - winmail.exchange._attributes.windows
  - winmail.exchange._actiongroup
attributes:
  check_mode:
    support: full
    details:
      - Says which services would stop and start, in order; RV(after) is V(null).
  diff_mode:
    support: none
    details:
      - A restart ends in the state that it began in. RV(before) and RV(after) show the processes.
  idempotent:
    support: none
    details:
      - Every run restarts the service.
notes:
  - A service that is stopped is started, for a restart ends with a running service. Nothing else is started that did
    not run before.
  - Refused, before anything is stopped, is what could not be started again because it is disabled, and what is paused
    or between two states.
  - Refused, before anything is stopped, is what carries the connection or the host, also where it would stop as a
    dependent - WinRM, C(Winmgmt) and what WinRM needs, services of the network and of logons, those without which
    Windows is unstable, and on a domain controller those of the directory. Restart the computer instead
    (M(ansible.windows.win_reboot)), or the service at its console.
  - Where a step fails, what was stopped is started again, and the message says what runs, what is down, and which
    commands bring it up in which order. Where the connection is lost in the middle, the message names the services that
    may be down.
  - Windows can answer later than a WinRM operation may last (20 seconds). The service was asked all the same, so it is
    looked at until O(timeout).
  - For Exchange 5.x the restart of V(MSExchangeIS) takes all mail of the server down for minutes.
seealso:
  - module: ansible.windows.win_reboot
  - module: ansible.windows.win_service
  - module: winmail.exchange.pop3_server_info
  - module: winmail.exchange.user_right
author:
  - winmail.exchange contributors (!UNKNOWN)
"""

EXAMPLES = r"""
---
- name: Restart the Information Store and what depends on it
  winmail.exchange.service_restart:
    name: MSExchangeIS
    timeout: 600

- name: Restart the POP3 services of a newer Exchange, but nothing else
  winmail.exchange.service_restart:
    name: "{{ item }}"
    dependents: false
  loop:
    - MSExchangePOP3BE
    - MSExchangePOP3

- name: Restart what the server's remedy names
  winmail.exchange.service_restart:
    name: "{{ item }}"
  loop: "{{ server.remedy.services }}"
  when: server.remedy.action == 'restart'
"""

RETURN = r"""
name:
  description: Key name of the service, as Windows spells it.
  returned: success
  type: str
  sample: MSExchangeIS
display_name:
  description: Display name of the service.
  returned: success
  type: str
  sample: Microsoft Exchange Information Store
stopped:
  description: Key names of the services that were stopped, in that order; in check mode, that would be.
  returned: success
  type: list
  elements: str
  sample: [MSExchangeIMC, MSExchangeIS]
started:
  description: Key names of the services that were started, in that order; in check mode, that would be.
  returned: success
  type: list
  elements: str
  sample: [MSExchangeIS, MSExchangeIMC]
before:
  description: The service before the restart.
  returned: success
  type: dict
  contains:
    state:
      description: State as Windows gives it.
      type: str
    process_id:
      description: Number of its process; V(null) where it does not run.
      type: int
    started_at:
      description: Start of its process; V(null) where it does not run or Windows did not tell.
      type: str
  sample: {state: Running, process_id: 1432, started_at: '2026-11-23T06:00:00Z'}
after:
  description: The service after the restart, in the same form; V(null) in check mode.
  returned: success
  type: dict
  sample: {state: Running, process_id: 2210, started_at: '2026-11-24T09:01:30Z'}
new_process:
  description:
    - Whether the service runs in a new process. A service that shares a process with others that went on running has
      V(false), and its process keeps the privileges it had.
    - V(null) in check mode and where it could not be told.
  returned: success
  type: bool
  sample: true
"""
