#!/usr/bin/python
# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is documentation only: the code is plugins/action/user_right_convert.py.

from __future__ import annotations

DOCUMENTATION = r"""
module: user_right_convert
short_description: Turn tasks of win_user_right and SecurityPolicyDsc into one user_right task
version_added: 1.0.0
description:
  - Reads a file of tasks or a playbook, takes out what M(ansible.windows.win_user_right) and the resource
    C(UserRightsAssignment) of SecurityPolicyDsc (by M(ansible.windows.win_dsc)) ask for, and makes one
    M(winmail.exchange.user_right) task of it, for a playbook one for each play.
  - Names of tasks become comments, and comments stay where they stood. A condition of a rule becomes
    O(winmail.exchange.user_right#module:rights[].enabled), one that all rules share becomes C(when).
  - A loop over what stands in the file is taken apart; blocks give their conditions to their tasks.
  - What is not understood is left, and listed with the reason and a proposal. Nothing is guessed.
  - With O(baseline_dest) the same rules become a baseline, which judges hosts without changing them.
  - Works on the controller alone, needs no connection and asks no host.
options:
  src:
    description: The file to convert. A relative path begins at the folder in which C(ansible-playbook) was started.
    type: path
    required: true
  dest:
    description:
      - Where to write the task; without it the task is shown on the screen.
      - A file that is there and was not made by this module is never written over.
    type: path
  baseline_dest:
    description:
      - Where to write a baseline of the same rules, under the same conditions as O(dest).
      - A list becomes C(exactly), an empty one C(nobody); what is added, and a list that denies a logon, becomes
        C(at_least).
    type: path
  host_roles:
    description:
      - For a baseline, the roles of a host (V(member_server), V(domain_controller), V(workgroup_member)) for which a
        condition of the file holds. Conditions on the facts C(windows_domain_role) and C(windows_domain_member) are
        known already.
      - The keys are conditions as they stand in the file, the values lists of roles.
    type: dict
    default: {}
extends_documentation_fragment:
  - winmail.exchange._attributes
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: full
notes:
  - The result is for a person to read before it is used. A task that sets a list sets exactly that list, as before.
  - Each name of an account is checked as M(winmail.exchange.user_right) checks it before it asks a host; whether the
    account exists is seen at the first run, with C(--check) as well.
seealso:
  - module: winmail.exchange.user_right
  - module: ansible.windows.win_user_right
author:
  - winmail.exchange contributors (!UNKNOWN)
"""

EXAMPLES = r"""
---
- name: Show what a section of a hardening role would be
  winmail.exchange.user_right_convert:
    src: roles/hardening/tasks/section_2_2.yml

- name: Write it, and a baseline of the same rules
  winmail.exchange.user_right_convert:
    src: roles/hardening/tasks/section_2_2.yml
    dest: roles/hardening/tasks/user_rights.yml
    baseline_dest: files/hardening_baseline.yml
    host_roles:
      is_domain_controller: [domain_controller]
"""

RETURN = r"""
text:
  description: The task, as the text of a file.
  returned: success
  type: str
rules:
  description: How many rules were understood.
  returned: success
  type: int
  sample: 50
left:
  description: What was left as it was.
  returned: success
  type: list
  elements: dict
  contains:
    line:
      description: The line of the task in O(src), counted from 1.
      type: int
    name:
      description: The name of the task; empty where it has none.
      type: str
    reason:
      description: Why it was left, a clause.
      type: str
    proposal:
      description: The entry as far as it was understood, as YAML with comments; empty where nothing was.
      type: str
no_controls:
  description: What became no control of the baseline though it became an entry; empty without O(baseline_dest).
  returned: success
  type: list
  elements: dict
  contains:
    line:
      description: The line of the task, counted from 1.
      type: int
    name:
      description: The name of the task; empty where it has none.
      type: str
    reason:
      description: Why, a clause.
      type: str
    proposal:
      description: The entry that it became.
      type: str
remarks:
  description: Sentences about what reads differently from now on.
  returned: success
  type: list
  elements: str
"""
