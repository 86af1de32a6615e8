# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the modules' documentation names the action group that meta/runtime.yml defines.

Private to the collection: it may change at any time, do not use it from elsewhere.
"""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options: {}
attributes:
  action_group:
    description: Values for the whole group can be set once in C(module_defaults).
    details:
      - The name there is C(group/winmail.exchange.exchange).
    membership:
      - winmail.exchange.exchange
    support: full
"""
