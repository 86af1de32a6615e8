# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The words of the playbooks and of a role: which are known, what one that is not was meant to be (pure).

Extra variables may be anything, for other plays use them too: only what looks like a word of ours is judged.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

# The words of every playbook: one run may play several of them with the same extra variables.
PLAYBOOK_WORDS = ("target", "batch", "max_failed", "audit_fails", "site_fails", "baseline", "baseline_fails")
# What other playbooks and Ansible itself call the same things.
_ELSEWHERE = {
    "hosts": "target",
    "host_group": "target",
    "serial": "batch",
    "max_fail": "max_failed",
    "max_fail_percentage": "max_failed",
}
_SHORT = 7
_NEAR, _NEARER = 0.8, 0.85
_SIZE = re.compile(r"\A(?:[1-9][0-9]{0,8}|(?:100|[1-9][0-9]?)%)\Z")
_MOST = 100
# Those that are true or false, and what Ansible takes for it (ansible-core, module_utils/parsing/convert_bool.py).
_FLAGS = ("audit_fails", "site_fails", "baseline_fails", "write")
_BOOLEANS = frozenset({"y", "yes", "on", "1", "true", "t", "n", "no", "off", "0", "false", "f"})


Refusal = Callable[[str, object], str]


@dataclass(frozen=True)
class Vocabulary:
    """The variables of one role: ``names`` are what stands behind the prefix, the result among them.

    ``elsewhere`` is what others call one of its words, beside what they call those of every playbook; ``own`` are the
    words that only some playbooks have.
    """

    prefix: str
    names: tuple[str, ...]
    elsewhere: Mapping[str, str] = field(default_factory=dict)
    own: tuple[str, ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        """The variables by their whole names."""
        return tuple(self.prefix + name for name in self.names)

    def unknown_variables(self, names: Iterable[str]) -> list[str]:
        """A sentence for each name with the role's prefix that the role does not know."""
        strange = sorted({name for name in names if name.startswith(self.prefix)} - set(self.words))
        return [f"The variable {name} is not known: write {self._nearest(name)}." for name in strange]

    def unknown_words(self, names: Iterable[str]) -> list[str]:
        """A sentence for each extra variable that is no word of ours and looks like one."""
        given = sorted(set(names))
        sentences = self.unknown_variables(given)
        for name in given:
            meant = None if name.startswith(self.prefix) else self._meant(name)
            if meant is not None:
                sentences.append(f"The word {name} is not known to the playbooks of winmail.exchange: write {meant}.")
        return sentences

    def _meant(self, name: str) -> str | None:
        """The word that a name was meant to be; None for one of ours and for one that looks like none."""
        own = (*PLAYBOOK_WORDS, *self.own)
        if name in own:
            return None
        plain = name.lower().replace("-", "_")
        if plain in own:
            return plain
        elsewhere = {**_ELSEWHERE, **self.elsewhere}
        if plain in elsewhere:
            return elsewhere[plain]
        if plain in self.names:
            return self.prefix + plain
        words = (*own, *self.words)
        found = difflib.get_close_matches(plain, words, n=1, cutoff=_NEAR if len(plain) <= _SHORT else _NEARER)
        # A slip of the hand leaves the first letter: patch is no batch.
        return found[0] if found and found[0][0] == plain[0] else None

    def _nearest(self, name: str) -> str:
        """The variable that a name with the prefix stands for, or all of them; what differs is behind the prefix."""
        short = [word for word in self.names if word != "result"]
        found = difflib.get_close_matches(name.removeprefix(self.prefix).lower(), short, n=1, cutoff=0.6)
        return self.prefix + found[0] if found else f"one of {', '.join(self.prefix + word for word in short)}"


def refusal(word: str, value: object) -> str:
    """Why the value of a playbook's word cannot be meant, with what can be; empty where it can."""
    if word == "batch":
        sizes = value if isinstance(value, (list, tuple)) else [value]
        if sizes and all(not isinstance(size, bool) and _SIZE.match(str(size)) for size in sizes):
            return ""
        return f"batch is {value!r}: write a number of hosts (1 or more), a percentage (30%), or a list ([1, 30%])."
    if word == "max_failed" and not _percentage(value):
        return f"max_failed is {value!r}: write a percentage of the hosts of a batch, a number from 0 to 100."
    if word in _FLAGS and str(value).strip().lower() not in _BOOLEANS:
        return f"{word} is {value!r}: write true or false."
    return ""


def refusals(given: Mapping[str, object], word: str, value: object, why: Refusal = refusal) -> list[str]:
    """Why ``value``, or one of the extra variables, cannot be meant; ``why`` says it of one word.

    An extra variable that is a template is looked at where a playbook asks for it, as ``value``.
    """
    plain = {name: one for name, one in given.items() if "{{" not in str(one)}
    return [sentence for sentence in (why(name, one) for name, one in {**plain, word: value}.items()) if sentence]


def _percentage(value: object) -> bool:
    try:
        return not isinstance(value, bool) and 0 <= float(str(value).removesuffix("%")) <= _MOST
    except ValueError:
        return False
