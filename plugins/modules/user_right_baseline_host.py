#!/usr/bin/python
# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is documentation only: the code is plugins/action/user_right_baseline_host.py.

from __future__ import annotations

DOCUMENTATION = r"""
module: user_right_baseline_host
short_description: Judge a host of a fleet, and leave an outcome whatever becomes of the look
version_added: 1.0.0
description:
  - Judges a host as M(winmail.exchange.user_right_baseline_info) does, and returns what
    M(winmail.exchange.fleet_report) reads of each host. A host that broke or cannot be reached has an outcome as well,
    with the reason.
  - It is the one task that the role P(winmail.exchange.user_rights_baseline#role) has for a host that meets its
    baseline. Take the role; this is for plays that put its steps together in another way.
  - It changes nothing on the host.
options:
  baseline:
    description:
      - As in O(winmail.exchange.user_right_baseline_info#module:baseline).
      - A relative path is looked for in the folder where the run was started as well.
    type: str
    required: true
  host_role:
    description: As in O(winmail.exchange.user_right_baseline_info#module:host_role).
    type: str
    choices: [auto, member_server, domain_controller, workgroup_member]
    default: auto
  controls:
    description: As in O(winmail.exchange.user_right_baseline_info#module:controls).
    type: list
    elements: str
    default: []
  exclude_controls:
    description:
      - Ids of controls that are judged and have no part in RV(remedy).
      - An id that the baseline does not have is an error.
    type: list
    elements: str
    default: []
  waivers:
    description: As in O(winmail.exchange.user_right_baseline_info#module:waivers).
    type: list
    elements: dict
    default: []
    suboptions:
      control:
        description: As in O(winmail.exchange.user_right_baseline_info#module:waivers[].control).
        type: str
        required: true
      accounts:
        description: As in O(winmail.exchange.user_right_baseline_info#module:waivers[].accounts).
        type: list
        elements: str
        required: true
      reason:
        description: As in O(winmail.exchange.user_right_baseline_info#module:waivers[].reason).
        type: str
        required: true
      until:
        description: As in O(winmail.exchange.user_right_baseline_info#module:waivers[].until).
        type: str
  restore_dir:
    description:
      - Folder on the controller where what undoes RV(remedy) is kept before anybody carries it out, in a file with mode
        0600. It is made with mode 0700 where it is missing.
      - Nothing is written where it is empty, where there is no remedy, nor in check mode.
    type: path
    default: ""
  first:
    description: The outcome of a first look, where this is the one after O(change).
    type: dict
  change:
    description:
      - What M(winmail.exchange.user_right) returned, with the remedy of O(first) as its rights. The outcome is then
        that of both.
      - In check mode the host is judged as it would be after it.
    type: dict
extends_documentation_fragment:
  - winmail.exchange._attributes
  - winmail.exchange._attributes.info
  - winmail.exchange._attributes.windows
  - winmail.exchange._actiongroup
notes:
  - It fails for what cannot be meant, such as an unknown control or a variable C(user_rights_baseline_*) that the role
    does not know. A host that refused is an outcome and a warning, one that is not there Ansible's UNREACHABLE.
  - On the host it writes files named C(winmail-*) below C(%windir%\Temp) and removes them in the same command line.
  - Needs an administrator of the host with a full token.
seealso:
  - module: winmail.exchange.user_right_baseline_info
  - module: winmail.exchange.fleet_report
author:
  - winmail.exchange contributors (!UNKNOWN)
"""

EXAMPLES = r"""
---
- name: Judge the host, and stay in the play where it is not there
  winmail.exchange.user_right_baseline_host:
    baseline: stig_windows_server_2022
  register: user_rights_baseline_result
  ignore_unreachable: true

- name: Sum up all hosts of the play
  winmail.exchange.fleet_report:
    kind: user_rights_baseline
    report_dir: reports
  run_once: true
"""

RETURN = r"""
host:
  description: The name of the host in the inventory.
  returned: always
  type: str
  sample: mail1
computer:
  description: The NetBIOS name of the host; empty where it was never reached.
  returned: always
  type: str
  sample: MAIL1
status:
  description:
    - C(compliant), C(not_compliant), C(unknown) where no control fails but one is not known, C(unreachable), or
      C(failed) where the host broke or refused, or the change did.
  returned: always
  type: str
  sample: not_compliant
reason:
  description: How the host stands to the baseline, or why that is not known, in a sentence or two.
  returned: always
  type: str
  sample: '2 of 36 controls of DISA STIG for Windows Server 2022 (V2R8) fail: V-254494, V-254511.'
judged:
  description:
    - What M(winmail.exchange.user_right_baseline_info) returns, of the last look that succeeded, with its C(warnings).
    - Empty where there was none.
  returned: always
  type: dict
  sample: {compliant: false, summary: {pass: 34, fail: 2, unknown: 0, not_applicable: 5, waived: 0}}
before:
  description: Of a second look, what the first one found; else empty.
  returned: always
  type: dict
  sample: {}
  contains:
    compliant:
      description: Whether the host met the baseline.
      type: bool
      sample: false
    summary:
      description: How many controls had each status.
      type: dict
      sample: {pass: 34, fail: 2, unknown: 0, not_applicable: 5, waived: 0}
remedy:
  description:
    - What O(winmail.exchange.user_right#module:rights) needs to cure what fails, without O(exclude_controls).
  returned: always
  type: list
  elements: dict
  sample: [{name: SeBackupPrivilege, remove: [S-1-5-32-551]}]
check_mode:
  description: Whether the run was in check mode.
  returned: always
  type: bool
  sample: false
restore:
  description:
    - Of a second look, what undoes the change, as O(winmail.exchange.user_right#module:rights). It names whom the
      change named and nobody else.
  returned: always
  type: list
  elements: dict
  sample: [{name: SeBackupPrivilege, add: [S-1-5-32-551]}]
restore_file:
  description: The file that holds it, kept before the change; empty where there is none.
  returned: always
  type: str
  sample: reports/restore-mail1-20261124T090000Z-1a2b3c.json
confirm:
  description: What the change says of its confirmation, where it was confirmed; else empty.
  returned: always
  type: dict
  sample: {}
failure:
  description: Why the host could not be judged, or why the change failed; else empty.
  returned: always
  type: str
  sample: ''
"""
