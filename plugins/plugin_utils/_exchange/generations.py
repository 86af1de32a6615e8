# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which Exchange a computer has: the setup keys worth reading, and what their numbers mean (pure).

Sources: the setup keys and build numbers that public inventory scripts read; Exchange 5.x has none of these keys and
serves POP3 inside its Information Store.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

IS = "MSExchangeIS"
POP3 = "MSExchangePOP3"
POP3_BACK_END = "MSExchangePOP3BE"
POP3_IIS = "POP3Svc"
KNOWN_SERVICES = (IS, POP3, POP3_BACK_END, POP3_IIS)

FIVE = "5.x"
NONE = "none"
UNKNOWN = "unknown"

# Exchange 2019 and Subscription Edition share version 15.2 (CSS-Exchange, Get-ExchangeBuildVersionInformation).
_FIRST_BUILD_OF_SE = 2562


@dataclass(frozen=True)
class Setup:
    """The registry key below HKEY_LOCAL_MACHINE in which one major version writes its numbers."""

    key: str
    major: int


_V15 = Setup("SOFTWARE\\Microsoft\\ExchangeServer\\v15\\Setup", 15)
_V14 = Setup("SOFTWARE\\Microsoft\\ExchangeServer\\v14\\Setup", 14)
_V8 = Setup("SOFTWARE\\Microsoft\\Exchange\\v8.0\\Setup", 8)
_V6 = Setup("SOFTWARE\\Microsoft\\Exchange\\Setup", 6)


@dataclass(frozen=True)
class Exchange:
    """What is installed.

    ``generation`` is 5.x, 2000, 2003, 2007, 2010, 2013, 2016, 2019, SE, none or unknown. ``version`` is ``15.2``,
    ``build`` ``15.2.1544.4``, each None where no source states it. ``source`` is registry, services or none.
    """

    generation: str
    version: str | None = None
    build: str | None = None
    source: str = "none"


def candidates(services: Collection[str]) -> tuple[Setup, ...]:
    """The setup keys to read, likeliest first, for a computer that has these services (key names in any case)."""
    present = {name.lower() for name in services}
    store = IS.lower() in present
    if present & {POP3.lower(), POP3_BACK_END.lower()}:
        return (_V15, _V14, _V8)
    if POP3_IIS.lower() in present:
        return (_V6, _V15, _V14, _V8) if store else (_V6,)
    # A store without a POP3 service is 5.x, or a newer server whose POP3 service lives elsewhere: only the keys tell.
    return (_V15, _V14, _V8, _V6) if store else ()


def installed(setup: Setup, minor: int, build_major: int | None, build_minor: int | None) -> Exchange:
    """What the numbers of one setup key mean; a combination that is not known gives ``unknown`` with its version."""
    version = f"{setup.major}.{minor}"
    build = None
    if build_major is not None:
        build = ".".join(str(part) for part in (version, build_major, build_minor) if part is not None)
    return Exchange(_generation(setup.major, minor, build_major), version, build, "registry")


def _generation(major: int, minor: int, build: int | None) -> str:
    if (major, minor) == (15, 2):
        if build is None:
            return UNKNOWN
        return "SE" if build >= _FIRST_BUILD_OF_SE else "2019"
    if major in (8, 14):
        return {8: "2007", 14: "2010"}[major]
    return {(15, 0): "2013", (15, 1): "2016", (6, 0): "2000", (6, 5): "2003"}.get((major, minor), UNKNOWN)


def without_setup(services: Collection[str], *, whole: bool) -> Exchange:
    """What the services alone say when no setup key was found; ``whole``: every key was read without a refusal."""
    present = {name.lower() for name in services}
    if present & {POP3.lower(), POP3_BACK_END.lower()} or not whole:
        return Exchange(UNKNOWN, source="services")
    if IS.lower() in present:
        return Exchange(FIVE, source="services")
    return Exchange(NONE)
