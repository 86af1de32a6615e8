# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An export of secedit that came from a host: whole, or no answer at all. _windows/inf.py reads the file itself."""

from __future__ import annotations

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import ReadError
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.inf import (
    VERSION_SECTION,
    Rendered,
    Template,
    parse,
    render,
)

__all__ = ["Rendered", "Template", "parse", "parse_whole", "render"]


def parse_whole(data: bytes, what: str) -> Template:
    """Read an export and prove that it is whole; raises ReadError, so that "absent" may then mean "nobody"."""
    template = parse(data)
    if not template.whole:
        missing = "[Version] section" if template.privilege_rights else "user rights"
        missing = "end of its last line" if VERSION_SECTION in template.sections and not template.ended else missing
        raise ReadError(
            f"{what} is not whole: it has no {missing} ({len(data)} bytes were read). "
            "Run the task again; if it stays so, look at the host's disk space and at secedit."
        )
    return template
