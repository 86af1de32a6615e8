# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""RSOP_UserPrivilegeRight and RSOP_GPO in root/rsop/computer (docs/sources.md S6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lab.windows.cim import CimClass, Context, Row, words

if TYPE_CHECKING:
    from collections.abc import Iterator

COMPUTER = "root/rsop/computer"


def namespace_exists(context: Context) -> bool:
    """Not in a workgroup, and not where logging never happened (world)."""
    return context.host.machine.kind != "workgroup" and context.host.worlds["rsop"] != "absent"


def _silent(context: Context) -> bool:
    logging = context.host.machine.registry.value("Software\\Policies\\Microsoft\\Windows\\System", "RSoPLogging")
    return context.host.worlds["rsop"] == "empty" or (logging is not None and logging.data == 0)


def _token(context: Context, token: str) -> str:
    if context.host.worlds["rsop_tokens"] == "names" and token.startswith("*"):
        found = context.host.machine.lsa.sid_to_name(token[1:])
        return found.qualified if found else token
    return token


def _rights(context: Context) -> Iterator[Row]:
    if _silent(context):
        return
    policy = context.host.machine.policy
    for number, (right, gpo, precedence, tokens) in enumerate(policy.rsop_rows()):
        yield {
            "AccountList": [_token(context, t) for t in tokens] or None,
            "creationTime": policy.applied_at,
            "ErrorCode": 0,
            "GPOID": gpo.dn(policy.dns),
            "id": f"{{00000000-0000-0000-0000-{number:012}}}",
            "name": right,
            "precedence": precedence,
            "SOMID": gpo.dn(policy.dns).partition("System,")[2],
            "Status": 1,
            "UserRight": right,
        }


def _gpos(context: Context) -> Iterator[Row]:
    if _silent(context):
        return
    policy = context.host.machine.policy
    for gpo in policy.gpos:
        yield {
            "accessDenied": False,
            "enabled": True,
            "extensionIds": None,
            "fileSystemPath": f"\\\\{policy.dns}\\SysVol\\{policy.dns}\\Policies\\{gpo.guid}\\Machine",
            "filterAllowed": True,
            "guidName": gpo.guid,
            "id": gpo.dn(policy.dns),
            "name": gpo.name,
            "version": 65537,
        }


CLASSES = (
    CimClass(
        "RSOP_UserPrivilegeRight",
        words("AccountList creationTime ErrorCode GPOID id name precedence SOMID Status UserRight"),
        ("precedence", "UserRight"),
        _rights,
        namespace=COMPUTER,
        admin=True,
    ),
    CimClass(
        "RSOP_GPO",
        words("accessDenied enabled extensionIds fileSystemPath filterAllowed guidName id name version"),
        ("id",),
        _gpos,
        namespace=COMPUTER,
        admin=True,
    ),
)
