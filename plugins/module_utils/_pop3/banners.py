# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which product answers, by its greeting banner.

Sources: Q171435 (5.0), Q298944 and Q189732 (5.5), transcripts of Exchange 2000 and 2003 whose wording is localised
(so the build number decides there), the default banner of Set-PopSettings (2007 and later), Q280096 (an antivirus
proxy), and the servers of Debian that the integration tests start.

This module util is PRIVATE to the collection. Do not use it from other collections.
"""

from __future__ import annotations

import re

from ansible_collections.winmail.exchange.plugins.module_utils._pop3.values import EXCHANGE, UNKNOWN_PRODUCT, Product

# Version numbers as the products print them -> generation.
_GENERATIONS = {"5.0": "5.0", "5.5": "5.5", "6.0": "2000", "6.5": "2003"}
_EXCHANGE_VERSION = re.compile(r"\+ok microsoft exchange\b.*?\b((5\.0|5\.5|6\.0|6\.5)(?:\.\d+)+)\b", re.IGNORECASE)
_EXCHANGE_MODERN = re.compile(r"\+ok the microsoft exchange pop3 service is ready\b", re.IGNORECASE)
_EXCHANGE_ANY = re.compile(r"\+ok .*\bmicrosoft exchange\b", re.IGNORECASE)
_OTHERS = (
    (
        re.compile(r"\+ok microsoft windows pop3 service\b", re.IGNORECASE),
        Product("windows", "POP3 service of Windows Server 2003"),
    ),
    (re.compile(r"\+ok dovecot\b", re.IGNORECASE), Product("dovecot", "Dovecot")),
    (
        re.compile(r"\+ok pop3 ready <\d+\.\d+@", re.IGNORECASE),
        Product("mailutils", "GNU Mailutils pop3d"),
    ),
    (
        re.compile(r"\+ok pop3 server ready\.?\s*$", re.IGNORECASE),
        Product("proxy", "perhaps the POP3 proxy of an antivirus program"),
    ),
)


def identify(banner: str) -> Product:
    """Return who prints this banner; every field is None where nothing is known."""
    match = _EXCHANGE_VERSION.match(banner)
    if match:
        generation = _GENERATIONS[match.group(2)]
        name = f"Microsoft Exchange Server {generation}"
        return Product(EXCHANGE, name, generation, match.group(1))
    if _EXCHANGE_MODERN.match(banner):
        return Product(EXCHANGE, "Microsoft Exchange Server 2007 or later", "2007+")
    if _EXCHANGE_ANY.match(banner):
        return Product(EXCHANGE, "Microsoft Exchange Server")
    for pattern, product in _OTHERS:
        if pattern.match(banner):
            return product
    return UNKNOWN_PRODUCT
