# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads whoami_words.yml: the words of whoami in one language, English where no source has them."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

WORDS = Path(__file__).with_suffix(".yml")


@dataclass(frozen=True)
class Words:
    """``titles`` have the length of their underline beside them."""

    titles: Mapping[str, tuple[str, int]]
    heads: Mapping[str, tuple[str, ...]]
    kinds: Mapping[str, str]
    attributes: Mapping[str, str]
    descriptions: Mapping[str, str]
    state: str


@functools.lru_cache(maxsize=8)
def of(language: str) -> Words:
    """The words of one language."""
    data = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    english, own = data["en"], data.get(language, {})

    def section(name: str) -> dict[str, Any]:
        return {**english[name], **own.get(name, {})}

    return Words(
        {key: (str(text), int(length)) for key, (text, length) in section("titles").items()},
        {key: tuple(heads) for key, heads in section("heads").items()},
        section("kinds"),
        section("attributes"),
        section("descriptions"),
        str(own.get("state", english["state"])),
    )
