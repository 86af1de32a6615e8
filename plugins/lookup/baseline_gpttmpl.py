# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lookup that turns a baseline into the security template of a Group Policy."""

from __future__ import annotations

DOCUMENTATION = r"""
name: baseline_gpttmpl
short_description: Turn a baseline of user rights into a GptTmpl.inf for a Group Policy
version_added: 1.0.0
description:
  - Gives the text of a security template with the section C([Privilege Rights]), to import into a Group Policy that is
    linked to the hosts. That is where user rights of members of a domain are cured.
  - A line of a policy is the whole list of a right. So each right has all accounts that its control allows or asks for;
    a list that says C(at_most) gives the right to all of them, and one that says C(at_least) takes it from others.
  - It holds SIDs only. An account whose SID only a host knows is refused by its name.
  - The text begins with a byte-order mark and has to be written as UTF-16LE, which M(ansible.builtin.template) does.
  - Controls about orphans are left out.
extends_documentation_fragment:
  - winmail.exchange._baseline_lookup
options:
  host_role:
    description: What the hosts are that the policy is linked to.
    type: str
    choices: [member_server, domain_controller, workgroup_member]
    required: true
  optional:
    description:
      - Whether optional members stand in the lines as well, whatever their condition.
      - Without them a policy takes the right from, for example, the virtual machines of Hyper-V.
    type: bool
    default: false
seealso:
  - module: winmail.exchange.user_right_baseline_info
  - plugin: winmail.exchange.baseline_rights
    plugin_type: lookup
author:
  - winmail.exchange contributors (!UNKNOWN)
"""

EXAMPLES = r"""
# The template file GptTmpl.inf.j2 has one line: {{ policy_text }}
- name: Write the template of a policy
  ansible.builtin.template:
    src: GptTmpl.inf.j2
    dest: GptTmpl.inf
    mode: '0644'
    output_encoding: utf-16-le
    newline_sequence: "\r\n"
  delegate_to: localhost
  run_once: true
  vars:
    policy_text: "{{ lookup('winmail.exchange.baseline_gpttmpl', policy_baseline, host_role='member_server') }}"
    policy_baseline: microsoft_windows_server_2025
"""

RETURN = r"""
_raw:
  description: The text of the file.
  type: list
  elements: str
"""

import typing as t

from ansible.errors import AnsibleLookupError
from ansible.plugins.lookup import LookupBase

from ansible_collections.winmail.exchange.plugins.module_utils._printable import printable
from ansible_collections.winmail.exchange.plugins.plugin_utils._baseline import without_host
from ansible_collections.winmail.exchange.plugins.plugin_utils._baseline.folders import searched
from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import InputError


class LookupModule(LookupBase):
    """Reads the baseline on the controller."""

    def run(self, terms: list[str], variables: dict[str, t.Any] | None = None, **kwargs: t.Any) -> list[str]:  # noqa: ANN401 - Ansible's own signature
        """The text of the file; raises AnsibleLookupError."""
        self.set_options(var_options=variables, direct=kwargs)
        if len(terms) != 1:
            raise AnsibleLookupError(f"baseline_gpttmpl takes one baseline, and {len(terms)} are written.")
        folders = searched(variables or {}, self.get_basedir(variables or {}))
        try:
            domains = without_host.Domains.parse(self.get_option("domain_sid"), self.get_option("root_domain_sid"))
            controls = without_host.chosen(terms[0], folders, self.get_option("host_role"), self.get_option("controls"))
            return [without_host.gpttmpl(controls, domains, optional=self.get_option("optional"))]
        except InputError as error:
            raise AnsibleLookupError(printable(f"baseline_gpttmpl: {error}")) from error
