# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The errors of this collection, each turned into a user's sentence in _action.py.

    WinmailError               whatever is raised on purpose
    ├── InputError             what was written cannot be meant
    ├── UnresolvedError        a name or a token has no SID
    ├── RefusedError           the plan would do harm
    ├── ReadError              an answer is not whole
    │   └── BusyError          secedit may be busy: once more
    ├── ApplyError             read back, and not as planned (tells)
    ├── MovedError             somebody else changed the rights meanwhile
    │   └── UnsteadyError      bytes cannot tell whether somebody did
    ├── WindowsError           Windows refused, with the codes of the fault
    └── UnreachableError       no connection: Ansible's UNREACHABLE
        └── HalfDoneError      lost in the middle of a change (tells)

An error says what it saw, never what became of the task, but for the two that tell it.

All of plugin_utils is PRIVATE to the collection: do not use it from other collections.
"""

from __future__ import annotations


class WinmailError(Exception):
    """Base of everything this collection raises on purpose; ``str()`` is a whole sentence for the user.

    It says what was seen. What became of the task is said in _changes.py, unless the error ``tells`` it: then its
    sentence says how far a change came that the host was asked for.
    """

    tells = False


class InputError(WinmailError):
    """What the user wrote cannot be meant: an unknown right, a name that no command line can carry."""


class UnresolvedError(WinmailError):
    """A name or a token could not be pinned to a SID."""


class RefusedError(WinmailError):
    """The plan is understood and would do harm (a lock-out, a policy that undoes it)."""


class ReadError(WinmailError):
    """What the host answered is not a whole, well-formed answer; absent must not be taken for "nobody"."""


class BusyError(ReadError):
    """secedit refused with exit code 1, as it may while another one runs; worth one more try."""


class ApplyError(WinmailError):
    """Windows did not do what was planned; the sentence says what was read back."""

    tells = True


class MovedError(WinmailError):
    """Somebody else changed the rights between our read and our write."""


class UnsteadyError(MovedError):
    """Two exports of the same holders differ in their bytes, so bytes cannot tell whether somebody moved."""


class WindowsError(WinmailError):
    """Windows refused an operation; carries the codes of the fault.

    ``code`` is the WS-Management fault code and ``inner`` the provider's code (unsigned 32-bit numbers), each None
    where the answer held none; ``text`` is Windows' own text.
    """

    def __init__(self, message: str, *, code: int | None = None, inner: int | None = None, text: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.inner = inner
        self.text = text

    @property
    def codes(self) -> frozenset[int]:
        """Every code of the fault: one cause comes in the outer, the inner or both, by the shape of the fault."""
        return frozenset(code for code in (self.code, self.inner) if code is not None)


class UnreachableError(WinmailError):
    """The connection to the host failed or was dropped; becomes Ansible's UNREACHABLE."""


class HalfDoneError(UnreachableError):
    """The connection was lost in the middle of a change, and the sentence says how far it came."""

    tells = True
