# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The words of the playbooks and of the role: which are known, what one that is not was meant to be (pure).

Extra variables may be anything, for other plays use them too: only what looks like a word of ours is judged.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence

PREFIX = "pop3_prerequisites_"
# The words of every playbook: one run may play several of them with the same extra variables.
PLAYBOOK_WORDS = ("target", "batch", "max_failed", "audit_fails")
ROLE_WORDS = tuple(
    PREFIX + name
    for name in (
        "account",
        "audit_fails",
        "ca_path",
        "gpo_conflict",
        "login_password",
        "login_user",
        "port",
        "probe_host",
        "probe_login",
        "probe_timeout",
        "report_dir",
        "restart",
        "restart_dependents",
        "restart_timeout",
        "result",
        "rights",
        "secure_logging",
        "service",
        "tls",
        "validate_certs",
    )
)
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


def unknown_variables(names: Iterable[str]) -> list[str]:
    """A sentence for each name with the role's prefix that the role does not know."""
    strange = sorted({name for name in names if name.startswith(PREFIX)} - set(ROLE_WORDS))
    return [f"The variable {name} is not known: write {_nearest(name, ROLE_WORDS)}." for name in strange]


def unknown_words(names: Iterable[str]) -> list[str]:
    """A sentence for each extra variable that is no word of ours and looks like one."""
    given = sorted(set(names))
    sentences = unknown_variables(given)
    for name in given:
        meant = None if name.startswith(PREFIX) else _meant(name)
        if meant is not None:
            sentences.append(f"The word {name} is not known to the playbooks of winmail.exchange: write {meant}.")
    return sentences


def _meant(name: str) -> str | None:
    """The word that a name was meant to be; None for one of ours and for one that looks like none."""
    if name in PLAYBOOK_WORDS:
        return None
    plain = name.lower().replace("-", "_")
    if plain in PLAYBOOK_WORDS:
        return plain
    if PREFIX + plain in ROLE_WORDS:
        return PREFIX + plain
    if plain in _ELSEWHERE:
        return _ELSEWHERE[plain]
    words = (*PLAYBOOK_WORDS, *ROLE_WORDS)
    found = difflib.get_close_matches(plain, words, n=1, cutoff=_NEAR if len(plain) <= _SHORT else _NEARER)
    # A slip of the hand leaves the first letter: patch is no batch.
    return found[0] if found and found[0][0] == plain[0] else None


def _nearest(name: str, words: Sequence[str]) -> str:
    """The word that a name with the prefix stands for, or all of them; what is different is behind the prefix."""
    short = {word.removeprefix(PREFIX): word for word in words if word != f"{PREFIX}result"}
    found = difflib.get_close_matches(name.removeprefix(PREFIX).lower(), short, n=1, cutoff=0.6)
    return short[found[0]] if found else f"one of {', '.join(short.values())}"


def refusal(word: str, value: object) -> str:
    """Why the value of a playbook's word cannot be meant, with what can be; empty where it can."""
    if word == "batch":
        sizes = value if isinstance(value, (list, tuple)) else [value]
        if sizes and all(not isinstance(size, bool) and _SIZE.match(str(size)) for size in sizes):
            return ""
        return f"batch is {value!r}: write a number of hosts (1 or more), a percentage (30%), or a list ([1, 30%])."
    if word == "max_failed" and not _percentage(value):
        return f"max_failed is {value!r}: write a percentage of the hosts of a batch, a number from 0 to 100."
    return ""


def _percentage(value: object) -> bool:
    try:
        return not isinstance(value, bool) and 0 <= float(str(value).removesuffix("%")) <= _MOST
    except ValueError:
        return False
