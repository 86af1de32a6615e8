# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lookup that turns a baseline into the rights of a user_right task."""

from __future__ import annotations

DOCUMENTATION = r"""
name: baseline_rights
short_description: Turn a baseline of user rights into input of user_right
version_added: 1.0.0
description:
  - Gives the entries for O(winmail.exchange.user_right#module:rights) that a baseline asks of a role of hosts.
  - No host is asked. C(exactly) and C(nobody) become C(set), C(at_least) becomes C(add).
  - A control that says who may hold a right at most cannot be said so, for who is beyond it is seen on a host only;
    O(at_most) decides. RV(winmail.exchange.user_right_baseline_info#module:remedy) has the changes for a host, and is
    the better input where hosts can be read first.
  - Optional members are not among the accounts, and controls about orphans are left out.
extends_documentation_fragment:
  - winmail.exchange._baseline_lookup
options:
  host_role:
    description: What the hosts are, for a baseline asks other things of a domain controller than of a member.
    type: str
    choices: [member_server, domain_controller, workgroup_member]
    required: true
  at_most:
    description:
      - What becomes of controls that say who may hold a right at most.
      - V(warn) leaves them out, and a warning names them. V(ignore) leaves them out and says nothing.
      - V(set) states all accounts that may hold the right as the whole list, so it B(gives) the right to those of them
        who do not hold it.
    type: str
    choices: [warn, ignore, set]
    default: warn
seealso:
  - module: winmail.exchange.user_right
  - module: winmail.exchange.user_right_baseline_info
  - plugin: winmail.exchange.baseline_gpttmpl
    plugin_type: lookup
author:
  - winmail.exchange contributors (!UNKNOWN)
"""

EXAMPLES = r"""
- name: Set what the baseline asks for without looking at the host first
  winmail.exchange.user_right:
    rights: "{{ lookup('winmail.exchange.baseline_rights', 'microsoft_windows_server_2025', host_role=role) }}"
  vars:
    role: member_server
"""

RETURN = r"""
_list:
  description: One list, whose entries are for O(winmail.exchange.user_right#module:rights).
  type: list
  elements: list
"""

import typing as t

from ansible.errors import AnsibleLookupError
from ansible.plugins.lookup import LookupBase
from ansible.utils.display import Display

from ansible_collections.winmail.exchange.plugins.module_utils._printable import printable
from ansible_collections.winmail.exchange.plugins.plugin_utils._baseline import without_host
from ansible_collections.winmail.exchange.plugins.plugin_utils._baseline.folders import searched
from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import InputError

display = Display()


class LookupModule(LookupBase):
    """Reads the baseline on the controller."""

    def run(self, terms: list[str], variables: dict[str, t.Any] | None = None, **kwargs: t.Any) -> list[t.Any]:  # noqa: ANN401 - Ansible's own signature
        """The entries, as one list in a list; raises AnsibleLookupError."""
        self.set_options(var_options=variables, direct=kwargs)
        if len(terms) != 1:
            raise AnsibleLookupError(f"baseline_rights takes one baseline, and {len(terms)} are written.")
        folders = searched(variables or {}, self.get_basedir(variables or {}))
        at_most = self.get_option("at_most")
        try:
            domains = without_host.Domains.parse(self.get_option("domain_sid"), self.get_option("root_domain_sid"))
            controls = without_host.chosen(terms[0], folders, self.get_option("host_role"), self.get_option("controls"))
            rights = without_host.rights(controls, at_most, domains)
        except InputError as error:
            raise AnsibleLookupError(printable(f"baseline_rights: {error}")) from error
        if rights.left_out and at_most == "warn":
            display.warning(
                printable(
                    f"baseline_rights: {len(rights.left_out)} controls of {terms[0]} say who may hold a right at most, "
                    f"and are left out: {', '.join(rights.left_out)}. user_right_baseline_info has a remedy for them."
                )
            )
        return [list(rights.entries)]
