#!/usr/bin/python
# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is documentation only: the code is plugins/action/fleet_report.py.

from __future__ import annotations

DOCUMENTATION = r"""
module: fleet_report
short_description: Write one report of all hosts of a play, and show its first lines
version_added: 1.0.0
description:
  - Takes what a role of this collection left in its documented variable on every host of the play, and makes one report
    of it. It runs on the controller, uses no connection and asks no host anything.
  - Shows the counts and the worst ten on the screen, equal sentences once with their hosts; the last line is the
    verdict on the fleet. It is shown with every callback plugin. Where standard output is for programs (C(json),
    C(jsonl), C(junit), C(null)) the lines go to standard error; they are in the result as RV(lines) as well.
  - With O(report_dir) it writes one folder. A page for people that asks nobody for anything (C(report.html)),
    everything for programs (C(report.json)), a CSV file, and for O(kind=user_rights_baseline) a file for each host in
    the form that Heimdall and SAF read (C(hdf)).
  - It is compared with the newest earlier report of its kind in the same O(report_dir).
  - A host without a result is counted as such and never passes for one that is well.
  - The roles of this collection call it. Call it yourself with C(run_once), after the last batch of a play with
    C(serial).
options:
  kind:
    description:
      - Which variable to read, and so what the report is about.
    type: str
    required: true
    choices:
      user_rights_baseline: C(user_rights_baseline_result) of the role P(winmail.exchange.user_rights_baseline#role).
      pop3_prerequisites: C(pop3_prerequisites_result) of the role P(winmail.exchange.pop3_prerequisites#role).
  report_dir:
    description:
      - A folder on the controller in which the report makes a folder of its own, named after O(kind) and the time.
      - A folder that is not there is made, for the owner alone. Nobody but the owner can read the files.
      - Empty means that no file is written. In check mode none is.
    type: path
    default: ''
  hosts:
    description:
      - The hosts to report on. Empty means all hosts of the play, those that failed or were unreachable included.
    type: list
    elements: str
    default: []
  title:
    description:
      - A heading of your own for the report.
    type: str
    default: ''
extends_documentation_fragment:
  - winmail.exchange._attributes
  - winmail.exchange._actiongroup
attributes:
  action:
    description: Runs on the controller.
    support: full
  async:
    description: Can be sent into the background with C(async).
    support: none
    details:
      - It reads the variables of the play.
  check_mode:
    support: full
    details:
      - In check mode the lines are shown and no file is written.
  diff_mode:
    support: N/A
    details:
      - No host is changed, so there is nothing to compare.
  idempotent:
    support: full
    details:
      - Each run writes a folder of its own and never reports a change.
  platform:
    description: The operating system of the controller.
    platforms: posix
    support: full
notes:
  - The files name accounts, computers and what is wrong with them. Treat them like the inventory.
seealso:
  - module: winmail.exchange.user_right_baseline_info
  - module: winmail.exchange.pop3_server_info
author:
  - winmail.exchange contributors (!UNKNOWN)
"""

EXAMPLES = r"""
---
- name: Report on all hosts of the play
  winmail.exchange.fleet_report:
    kind: pop3_prerequisites
    report_dir: reports
  run_once: true
"""

RETURN = r"""
folder:
  description: The folder of this report; empty where no file was written.
  returned: success
  type: str
  sample: /srv/reports/user_rights_baseline-20261124T090000Z-0a1b2c
files:
  description: The files in it; of the folder with a file for each host its name alone.
  returned: success
  type: list
  elements: str
  sample: [controls.csv, hdf/, report.html, report.json]
hosts:
  description: How many hosts the report is about.
  returned: success
  type: int
  sample: 12
counts:
  description:
    - How many hosts there are of each standing. C(unknown) were looked at, and that was not enough; C(failed) are those
      whose task was refused or broke; of C(no_result) the play has nothing.
  returned: success
  type: dict
  sample: {hosts: 12, compliant: 8, not_compliant: 2, unknown: 1, unreachable: 1, failed: 0, no_result: 0}
worst:
  description:
    - For O(kind=user_rights_baseline) the ten controls that fail on most hosts (C(id), C(title), C(right), C(hosts)).
    - For O(kind=pop3_prerequisites) ten hosts that are not well, the worst first (C(host), C(standing), C(reason)).
  returned: success
  type: list
  elements: dict
  sample: [{id: V-254501, title: Force shutdown from a remote system, right: SeRemoteShutdownPrivilege, hosts: 2}]
lines:
  description: What was shown.
  returned: success
  type: list
  elements: str
  sample: ['12 of 12 hosts: users can log on; 0 cannot; 0 unknown']
"""
