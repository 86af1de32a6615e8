# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the attributes in the modules' documentation mean.

Private to the collection: it may change at any time, do not use it from elsewhere.
"""

from __future__ import annotations


class ModuleDocFragment:
    # Every module; each says by itself how far it supports these.
    DOCUMENTATION = r"""
options: {}
attributes:
  check_mode:
    description: With C(--check) the task changes nothing and says exactly what it would change.
  diff_mode:
    description: With C(--diff) the task shows what it changes, before and after.
  idempotent:
    description: The same task run again reports no change, if nothing else changed in between.
"""

    # Everything that works on a Windows host through the play's own connection.
    WINDOWS = r"""
options: {}
attributes:
  action:
    description: Runs on the controller; nothing of it is copied to the host.
    support: full
    details:
      - It takes the connection of the play, P(ansible.builtin.winrm#connection) or P(ansible.builtin.psrp#connection).
  async:
    description: Can be sent into the background with C(async).
    support: none
    details:
      - The connection of the play cannot be handed to a background job.
  platform:
    description: The operating system of the host that the task works on.
    platforms: windows
    support: full
"""

    # Everything that only reads.
    INFO = r"""
options: {}
attributes:
  check_mode:
    support: full
    details:
      - The task reads only, in check mode as well.
  diff_mode:
    support: N/A
    details:
      - The task reads only, so there is nothing to compare.
  idempotent:
    support: full
    details:
      - The task never reports a change.
"""
