# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""CIM over WS-Management: get, query, associators and methods, each bounded in rows and pages."""

from __future__ import annotations

import typing as t

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import ReadError, WindowsError

from . import faults, soap

if t.TYPE_CHECKING:
    from collections.abc import Mapping

    from .transport import Transport

CIMV2 = "root/cimv2"
_LONGEST_LIST = 10_000
# A page has up to a hundred rows, so this many are needed only by a host that sends a few at a time.
_MOST_PAGES = 1_000
_LONGEST_ANSWERS = 1 << 24


class Cim:
    """The CIM operations that this collection uses; raises WindowsError and ReadError."""

    def __init__(self, transport: Transport, seconds: int = 20) -> None:
        self._transport = transport
        self._seconds = seconds

    def get(self, class_name: str, keys: Mapping[str, str], namespace: str = CIMV2) -> soap.Row | None:
        """One instance, or None where the host has none with these keys."""
        target = soap.Target(namespace, class_name, keys)
        try:
            return soap.read_row(self._transport.send(soap.get(target, self._seconds)))
        except WindowsError as exc:
            if faults.NOT_FOUND in exc.codes:
                return None
            raise

    def query(self, wql: str, namespace: str = CIMV2) -> tuple[soap.Row, ...]:
        """Every row of a WQL query."""
        return self._all(namespace, soap.enumerate_wql(namespace, wql, self._seconds))

    def associated(self, class_name: str, keys: Mapping[str, str], association: str, role: str) -> tuple[soap.Row, ...]:
        """The instances (or references to them) that an association links to one instance."""
        of = soap.Target(CIMV2, class_name, keys)
        return self._all(CIMV2, soap.enumerate_associated(of, association, role, self._seconds))

    def invoke(
        self,
        class_name: str,
        method: str,
        arguments: Mapping[str, str],
        keys: Mapping[str, str] | None = None,
        namespace: str = CIMV2,
    ) -> soap.Row:
        """Call a method; the row holds ReturnValue and the out parameters."""
        target = soap.Target(namespace, class_name, keys)
        return soap.read_row(self._transport.send(soap.invoke(target, method, arguments, self._seconds)))

    def delete(self, class_name: str, keys: Mapping[str, str], namespace: str = CIMV2) -> None:
        """Delete one instance (WS-Transfer Delete); raises WindowsError where there is none with these keys."""
        target = soap.Target(namespace, class_name, keys)
        soap.read_deleted(self._transport.send(soap.delete(target, self._seconds)))

    def _all(self, namespace: str, first: str) -> tuple[soap.Row, ...]:
        rows: list[soap.Row] = []
        message, length = first, 0
        for _page in range(_MOST_PAGES):
            answer = self._transport.send(message)
            page = soap.read_page(answer)
            rows.extend(page.rows)
            length += len(answer)
            if page.context is None:
                return tuple(rows)
            if len(rows) > _LONGEST_LIST or length > _LONGEST_ANSWERS:
                raise ReadError(
                    f"The host's list has more than {_LONGEST_LIST} rows or {_LONGEST_ANSWERS} bytes; "
                    "reading it was given up."
                )
            if not page.rows and message is not first:
                raise ReadError("The host sent an empty page in the middle of a list; reading it was given up.")
            message = soap.pull(namespace, page.context, self._seconds)
        raise ReadError(f"The host's list has more than {_MOST_PAGES} pages; reading it was given up.")
