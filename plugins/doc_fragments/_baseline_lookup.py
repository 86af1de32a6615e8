# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the lookups that read a baseline without a host have in common.

Private to the collection: it may change at any time, do not use it from elsewhere.
"""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  _terms:
    description: The name of one baseline that comes with the collection, or the path of a file on the controller.
    type: list
    elements: str
    required: true
  controls:
    description: Only the controls with these ids. Empty means all.
    type: list
    elements: str
    default: []
  domain_sid:
    description: The SID of the hosts' own domain, for accounts such as Domain Admins. Without it they are refused.
    type: str
  root_domain_sid:
    description: The SID of the root domain of the forest, for Enterprise Admins. Without it they are refused.
    type: str
"""
