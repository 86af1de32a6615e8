# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filters of the role user_rights_baseline and its playbooks; each is documented in the .yml file of its name."""

from __future__ import annotations

import typing as t

from ansible.errors import AnsibleFilterError
from ansible.parsing.dataloader import DataLoader
from ansible.utils.vars import load_extra_vars

from ansible_collections.winmail.exchange.plugins.plugin_utils._baseline.turns import turn
from ansible_collections.winmail.exchange.plugins.plugin_utils._baseline.words import BASELINE, refusal
from ansible_collections.winmail.exchange.plugins.plugin_utils._vocabulary import refusals


def baseline_turn(
    ledger: object, hosts: t.Sequence[str], alive: t.Sequence[str], batch: t.Sequence[str]
) -> dict[str, t.Any]:
    """From the ledger of a play to the one with this batch in it; raises AnsibleFilterError for what is no ledger."""
    if not isinstance(ledger, t.Mapping):
        raise AnsibleFilterError(f"baseline_turn takes a ledger or an empty mapping, not {type(ledger).__name__}.")
    return dict(turn(ledger, [str(host) for host in hosts], {str(host) for host in alive}, [str(one) for one in batch]))


def baseline_word(value: object, word: str) -> object:
    """The value of a playbook's word; raises AnsibleFilterError for one that cannot be meant, or for unknown words."""
    # The words of the command line are known to Ansible alone; DataLoader reads the files among them.
    given = load_extra_vars(DataLoader())
    sentences = [*BASELINE.unknown_words(given), *refusals(given, word, value, refusal)]
    if sentences:
        raise AnsibleFilterError(" ".join(sentences))
    return value


class FilterModule:
    """Ansible's entry."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        """The filters by name."""
        return {"baseline_turn": baseline_turn, "baseline_word": baseline_word}
