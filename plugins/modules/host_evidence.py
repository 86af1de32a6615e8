#!/usr/bin/python
# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is documentation only: the code is plugins/action/host_evidence.py.

from __future__ import annotations

DOCUMENTATION = r"""
module: host_evidence
short_description: Ask a Windows host what no document settles, and keep the answers without names
version_added: 1.0.0
description:
  - This collection was never run on Windows by its own project. C(docs/assumptions.md) lists what it believes; this
    task asks one host which of that holds there.
  - Reads only, unless O(write) is V(true). Files named C(winmail-*) in C(%windir%\Temp) are removed by the command that
    made them; private databases of C(secedit) among them are never applied.
  - Shows one text and then keeps it in O(dest). It names no person, domain or computer. SIDs and GUIDs of theirs are
    replaced, the same one always in the same way, and the texts of Windows are searched for every name that is known.
options:
  write:
    description:
      - Whether to ask also what only a write answers. It touches one right, C(SeCreatePermanentPrivilege), for
        C(LOCAL SERVICE), which it takes back whatever happens.
      - It is refused where somebody holds that right or a cached Group Policy sets it. Ignored in check mode.
    type: bool
    default: false
  dest:
    description:
      - The file on the controller. A relative path begins at the folder in which C(ansible-playbook) was started.
      - A file that is there is written over only if it is evidence as well.
    type: path
extends_documentation_fragment:
  - winmail.exchange._attributes
  - winmail.exchange._attributes.windows
attributes:
  check_mode:
    support: full
    details:
      - Asks what reading answers, and writes neither the right nor the file.
  diff_mode:
    support: none
    details:
      - The right that O(write) touches is as it was when the task ends.
  idempotent:
    support: partial
    details:
      - Reports a change where the file changes.
notes:
  - Needs an administrator of the host, as M(winmail.exchange.user_right) does.
seealso:
  - module: winmail.exchange.user_right_info
author:
  - winmail.exchange contributors (!UNKNOWN)
"""

EXAMPLES = r"""
---
- name: Ask what reading answers, and keep it
  winmail.exchange.host_evidence:
    dest: evidence.json
"""

RETURN = r"""
evidence:
  description: What stands in the file, see C(docs/schema/host-evidence.json).
  returned: success
  type: dict
lines:
  description: One line for each question, with the row of C(docs/assumptions.md), the answer and what was seen.
  returned: success
  type: list
  elements: str
  sample: ['W07  fc_exit_codes=documented   [0 and 1]']
"""
