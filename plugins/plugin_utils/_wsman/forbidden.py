# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A cmd.exe that runs nothing: it prints why, in the language of Windows; most of all one that a policy forbids.

Microsoft, "Policy CSP - ADMX_ShellCommandPromptRegEditTools", DisableCMD: who has this policy cannot use cmd.exe. The
text differs by language, so it is known by what is missing: the start marker that begins each of our command lines.
"""

from __future__ import annotations

import re

_STARTED = re.compile(rb"@@[0-9a-f]{8}:start")
# What a chain cut in its first marker can have printed so far.
_BEGINNING = re.compile(rb"@@?[0-9a-f]{0,8}:?[a-z]{0,5}(?:=[^\r\n]*)?\Z")
_SHOWN = 200


def refusal(output: bytes) -> str | None:
    """The sentence for output in which no command line of ours began; None where one did, or nothing was printed."""
    text = output.strip()
    if not text or _STARTED.search(text) or _BEGINNING.match(text):
        return None
    said = " ".join(text[: 4 * _SHOWN].decode("utf-8", "replace").split())[:_SHOWN]
    return (
        "The command line on the host did not run to its end, so its answer proves nothing. cmd.exe printed instead: "
        f"{said.rstrip('.')}. If that says that the command prompt is disabled, a policy forbids it to the account "
        "that logs on (DisableCMD: User Configuration, Administrative Templates, System, Prevent access to the command "
        "prompt): exempt it from that. Else run the task again."
    )
