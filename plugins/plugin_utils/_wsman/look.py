# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One request without a name or a password, to see what answers where a library could not say what it saw."""

from __future__ import annotations

import contextlib
import http.client
import ssl
import typing as t
import urllib.request

if t.TYPE_CHECKING:
    from .unreached import Way

_SECONDS = 5.0


def status_at(way: Way) -> int | None:
    """The HTTP status of an empty request, or None where none was got or a proxy is on the way."""
    scheme = "https" if way.secure else "http"
    if scheme in urllib.request.getproxies() and not urllib.request.proxy_bypass(way.host):
        return None
    try:
        with contextlib.closing(_connection(way)) as connection:
            connection.request("POST", f"/{way.path.lstrip('/')}", headers={"Content-Length": "0"})
            return connection.getresponse().status
    except (OSError, http.client.HTTPException, ValueError):
        return None


def _connection(way: Way) -> http.client.HTTPConnection:
    if not way.secure:
        return http.client.HTTPConnection(way.host, way.port, timeout=_SECONDS)
    # Nothing is sent that anybody could want, so anybody may answer.
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return http.client.HTTPSConnection(way.host, way.port, timeout=_SECONDS, context=context)
