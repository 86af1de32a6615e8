# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""System messages by error code: English as documented, German where a German host would differ."""

from __future__ import annotations

SYSTEM_MESSAGES = {
    2: "The system cannot find the file specified.",
    3: "The system cannot find the path specified.",
    5: "Access is denied.",
    80: "The file exists.",
    87: "The parameter is incorrect.",
    145: "The directory is not empty.",
    183: "A subdirectory or file already exists.",
    1260: "This program is blocked by group policy. For more information, contact your system administrator.",
    1314: "A required privilege is not held by the client.",
    1332: "No mapping between account names and security IDs was done.",
    1789: "The trust relationship between this workstation and the primary domain failed.",
}

GERMAN = {
    1314: "Dem Client fehlt ein erforderliches Recht.",
    1332: "Zuordnungen von Kontennamen und Sicherheitskennungen wurden nicht durchgeführt.",
    5: "Zugriff verweigert",
}


def message(code: int, language: str) -> str:
    """The text of a system error in the computer's language."""
    if language == "de" and code in GERMAN:
        return GERMAN[code]
    return SYSTEM_MESSAGES[code]
