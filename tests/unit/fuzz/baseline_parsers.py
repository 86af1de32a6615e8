# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of baselines: whatever is in one, it is a whole baseline or refused."""

from __future__ import annotations

import pathlib

from ansible_collections.winmail.exchange.plugins.plugin_utils._baseline import principal, read
from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import InputError
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.catalogue import RIGHTS
from ansible_collections.winmail.exchange.tests.unit.fuzz.windows_parsers import Parser, text

_FILES = pathlib.Path(__file__).parents[2] / "captures" / "baselines"
_OURS = b"""title: t
release: '1'
source: s
controls:
  - {id: A, title: a, right: SeDebugPrivilege, operator: at_most, expected: [Guests],
     optional: [{account: S-1-5-83-0, reason: r, when: {service: vmms}}], severity: low, note: n}
  - id: B
    title: b
    right: Log on as a service
    operator: exactly
    expected:
      - 'S-1-5-21-<domain>-512'
      - any_of: [S-1-5-113, S-1-5-114]
    applies_to: [member_server]
    references: {cci: [CCI-1], cce: C}
  - {id: C, title: c, concerns: orphans, operator: nobody}
"""


def _head(name: str, lines: int) -> bytes:
    return b"".join((_FILES / name).read_bytes().splitlines(keepends=True)[:lines])


def _read(data: bytes) -> object:
    found = read.read(data, "f")
    assert found.controls
    for control in found.controls:
        assert control.id
        assert control.title
        assert control.applies_to
        assert (control.right in RIGHTS) if control.concerns == "all" else (control.right is None)
        assert bool(control.expected) == (control.operator != "nobody")
        for account in (account for one in control.expected for account in one.any_of):
            assert (account.name is None) == (account.relative is not None)
    return found


def _principal(data: bytes) -> object:
    return principal.parse(text(data))


BASELINES = (
    Parser(
        """_baseline/read.py read
        _baseline/csv_rows.py header
        _baseline/csv_rows.py rows
        _baseline/read_hardeningkitty.py read
        _baseline/read_inf.py is_template
        _baseline/read_inf.py read
        _baseline/read_osconfig_csv.py read
        _baseline/read_osconfig_yaml.py read
        _baseline/read_yaml.py read
        _baseline/yaml_parts.py compose""",
        _read,
        (
            _OURS,
            b"[Version]\r\nRevision=1\r\n[Privilege Rights]\r\nSeTcbPrivilege =\r\nSeDebugPrivilege = *S-1-5-18,Da\r\n",
            _head("hardeningkitty_2022_21h2_dc.csv", 8),
            _head("osconfig_2025_2510.csv", 6),
            _head("osconfig_2025_member_server.osc.yaml", 27),
        ),
        (InputError,),
    ),
    Parser(
        "_baseline/principal.py parse",
        _principal,
        (b"S-1-5-21-<domain>-512", b"S-1-5-21-<root-domain>-519", b"*S-1-5-32-544", b"CORP\\x"),
        (InputError,),
    ),
)
