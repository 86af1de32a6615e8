# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filters of the role pop3_prerequisites and of the playbooks; each is documented in the .yml file of its name."""

from __future__ import annotations

import typing as t

from ansible.errors import AnsibleFilterError
from ansible.parsing.dataloader import DataLoader
from ansible.utils.vars import load_extra_vars

from ansible_collections.winmail.exchange.plugins.module_utils._printable import told
from ansible_collections.winmail.exchange.plugins.plugin_utils._prerequisites.audit import audit
from ansible_collections.winmail.exchange.plugins.plugin_utils._prerequisites.decision import conflict_of, decide
from ansible_collections.winmail.exchange.plugins.plugin_utils._prerequisites.options import run_of
from ansible_collections.winmail.exchange.plugins.plugin_utils._prerequisites.outcome import outcome
from ansible_collections.winmail.exchange.plugins.plugin_utils._prerequisites.result import SENTENCES
from ansible_collections.winmail.exchange.plugins.plugin_utils._prerequisites.table import table
from ansible_collections.winmail.exchange.plugins.plugin_utils._prerequisites.words import vocabulary_of
from ansible_collections.winmail.exchange.plugins.plugin_utils._vocabulary import refusals


def pop3_cure(
    server: object, gpo_conflict: str = "warn", named: bool = False, revoke: bool = False
) -> dict[str, t.Any]:
    """From what pop3_server_info found to what may be changed; raises AnsibleFilterError for anything else."""
    if not isinstance(server, t.Mapping):
        raise AnsibleFilterError(f"pop3_cure takes a result of pop3_server_info, not {type(server).__name__}.")
    conflict = conflict_of(gpo_conflict)
    if conflict is None:
        raise AnsibleFilterError(f"gpo_conflict is {gpo_conflict!r}; it is warn, fail or ignore.")
    return told(
        decide(server, conflict, named=bool(named), revoke=bool(revoke)).as_result(),
        SENTENCES,
    )


def pop3_outcome(values: object) -> dict[str, t.Any]:
    """From the results of a run to its outcome; raises AnsibleFilterError for what is no set of results."""
    if not isinstance(values, t.Mapping):
        raise AnsibleFilterError(f"pop3_outcome takes the results of a run, not {type(values).__name__}.")
    try:
        run = run_of(values)
    except TypeError as exc:
        raise AnsibleFilterError(f"pop3_outcome does not know this set of results: {exc}") from exc
    return told(outcome(run), SENTENCES)


def pop3_table(outcomes: t.Iterable[t.Any]) -> list[str]:
    """From pairs of a host and its outcome to the lines of a table; raises AnsibleFilterError for anything else."""
    return table(_pairs("pop3_table", outcomes))


def pop3_audit(outcomes: t.Iterable[t.Any], written_at: str) -> dict[str, t.Any]:
    """From pairs of a host and its outcome to the file of an audit; raises AnsibleFilterError for anything else."""
    return audit(_pairs("pop3_audit", outcomes), str(written_at))


def pop3_word(value: object, word: str) -> object:
    """The value of a playbook's word; raises AnsibleFilterError for one that cannot be meant, or for unknown words."""
    # The words of the command line are known to Ansible alone; DataLoader reads the files among them.
    given = load_extra_vars(DataLoader())
    # Of all that was given: nothing asks for some of them before the end, where it is too late to say so.
    sentences = [*vocabulary_of(word).unknown_words(given), *refusals(given, word, value)]
    if sentences:
        raise AnsibleFilterError(" ".join(sentences))
    return value


def _pairs(name: str, outcomes: t.Iterable[t.Any]) -> list[tuple[str, t.Any]]:
    try:
        # A task that was skipped registers a result too, which is no outcome.
        return [(str(host), shown if shown and "host" in shown else None) for host, shown in outcomes]
    except (TypeError, ValueError) as exc:
        raise AnsibleFilterError(f"{name} takes a list of pairs, a host and its outcome: {exc}") from exc


class FilterModule:
    """Ansible's entry."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        """The filters by name."""
        return {
            "pop3_audit": pop3_audit,
            "pop3_cure": pop3_cure,
            "pop3_outcome": pop3_outcome,
            "pop3_table": pop3_table,
            "pop3_word": pop3_word,
        }
