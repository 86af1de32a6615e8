# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The questions of CIM, each with any answer at all: what stands between the XML and the values of _host.py."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import ReadError, WindowsError
from ansible_collections.winmail.exchange.plugins.plugin_utils._host import Account, RegistryQuery, Service
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows import sid as sids
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.csp import CSP_NAMES
from ansible_collections.winmail.exchange.plugins.plugin_utils._winrm import leftovers, policy
from ansible_collections.winmail.exchange.plugins.plugin_utils._winrm import lookup_names as names
from ansible_collections.winmail.exchange.plugins.plugin_utils._winrm.host import WinrmHost
from ansible_collections.winmail.exchange.plugins.plugin_utils._winrm.lookup_sids import Accounts
from ansible_collections.winmail.exchange.plugins.plugin_utils._winrm.registry import Registry
from ansible_collections.winmail.exchange.plugins.plugin_utils._winrm.services import Services
from ansible_collections.winmail.exchange.plugins.plugin_utils._winrm.task_cim import CimTasks
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman import faults
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.cim import Cim
from ansible_collections.winmail.exchange.tests.support import messages
from ansible_collections.winmail.exchange.tests.unit.fuzz import seeds
from ansible_collections.winmail.exchange.tests.unit.fuzz.windows_parsers import Parser

_LAST = messages.next_page([])
_DECLARED = (ReadError, WindowsError)
_CIM_SEEDS = (*seeds.ROWS, *seeds.PAGES, *seeds.FAULTS)


class Wire:
    """In the place of Transport: the first three answers are the bytes, or the fault in them; then a list ends."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._sent = 0

    def send(self, _message: str) -> bytes:
        self._sent += 1
        if self._sent > 3:
            return _LAST
        fault = faults.parse_fault(self._data)
        if fault is not None:
            raise WindowsError(fault.describe(), code=fault.code, inner=fault.inner, text=fault.text)
        return self._data


def asked(question: Callable[[Any], object]) -> Callable[[bytes], object]:
    """A question to CIM as a function of the answer's bytes."""
    return lambda data: question(Cim(Wire(data)))  # type: ignore[arg-type]  # Wire plays the one method that Cim calls


def _cim(cim: Cim) -> object:
    cim.delete("MSFT_ScheduledTask", {"TaskName": "x"}, "root/x")
    return [
        cim.query("select * from Win32_Service"),
        cim.get("Win32_Process", {"Handle": "1"}),
        cim.invoke("StdRegProv", "EnumKey", {}),
        cim.associated("Win32_Group", {"Name": "x"}, "Win32_GroupUser", "GroupComponent"),
    ]


def _tasks(cim: Cim) -> object:
    store = CimTasks(cim)
    found = store.state("x"), store.result("x")
    assert all(one is None or not (one.running and one.ended) for one in found)
    return found


def _made_task(cim: Cim) -> object:
    store = CimTasks(cim)
    store.register("x", "x", ("<Task/>",))
    store.start("x")
    return "made"


def _deleted_task(cim: Cim) -> object:
    CimTasks(cim).delete("x")
    return "deleted"


def _accounts(cim: Cim) -> object:
    accounts = Accounts(cim)
    wanted = [seeds.SID, "S-1-5-18", "S-1-5-21-1-2-3-4"]
    found = accounts.named(wanted)
    assert list(found) == wanted
    assert all(isinstance(account, Account) and account.sid == sid for sid, account in found.items())
    expanded = accounts.expand(["BA", "LA", "XX"])
    assert all(sids.is_sid(sid) for sid in expanded.values())
    return found, expanded


def _registry(read: Callable[[Registry], object]) -> Callable[[Cim], object]:
    return lambda cim: read(Registry(cim))


def _process(cim: Cim) -> object:
    found = Services(cim).process(4)
    assert found.owner_sid is None or sids.is_sid(found.owner_sid)
    assert found.started_at is None or found.started_at.tzinfo is datetime.timezone.utc
    return found


def _services(cim: Cim) -> object:
    found = (*Services(cim).named(["x"]), *Services(cim).dependents("x"))
    assert all(isinstance(service, Service) and service.process_id >= 0 for service in found)
    return found


def _call(cim: Cim) -> object:
    answer = Services(cim).call("x", "StopService")
    assert 0 <= answer.code < 1 << 64
    return answer


def _rsop(cim: Cim) -> object:
    found = policy.read_rsop(cim)
    assert not (found.rights and found.refusal)
    return found


def _policy_names(cim: Cim) -> object:
    return policy.names(Registry(cim), ["{31B2F340-016D-11D2-945F-00C04FB984F9}"])


def _mdm(cim: Cim) -> object:
    found = policy.read_mdm(Registry(cim))
    assert found.refusal is None or not found.rights
    assert all(right in CSP_NAMES.values() for right in found.rights)
    return found


def _old(cim: Cim) -> object:
    found = leftovers.old(cim, {"winmail-20261124t090000z-0a1b2c3d4e5f"})
    assert len(found) <= 1
    return found, leftovers.remove_file(cim, "C:\\x")


def _host(read: Callable[[WinrmHost], object]) -> Callable[[bytes], object]:
    return lambda data: read(WinrmHost(Wire(data)))  # type: ignore[arg-type]  # Wire plays the one method that is called


CIM = (
    Parser(
        """_wsman/cim.py Cim.query
        _wsman/cim.py Cim.get
        _wsman/cim.py Cim.invoke
        _wsman/cim.py Cim.associated
        _wsman/cim.py Cim.delete
        _wsman/soap.py read_deleted""",
        asked(_cim),
        _CIM_SEEDS,
        _DECLARED,
    ),
    Parser(
        "_winrm/task_cim.py CimTasks.state\n_winrm/task_cim.py CimTasks.result", asked(_tasks), _CIM_SEEDS, _DECLARED
    ),
    Parser(
        "_winrm/task_cim.py CimTasks.register\n_winrm/task_cim.py CimTasks.start",
        asked(_made_task),
        _CIM_SEEDS,
        _DECLARED,
    ),
    Parser("_winrm/task_cim.py CimTasks.delete", asked(_deleted_task), _CIM_SEEDS, _DECLARED),
    Parser("_winrm/lookup_sids.py Accounts.named\n_winrm/lookup_sids.py Accounts.expand", asked(_accounts), _CIM_SEEDS),
    Parser(
        "_winrm/registry.py Registry.subkeys", asked(_registry(lambda one: one.subkeys("k"))), _CIM_SEEDS, _DECLARED
    ),
    Parser(
        "_winrm/registry.py Registry.string", asked(_registry(lambda one: one.string("k", "v"))), _CIM_SEEDS, _DECLARED
    ),
    Parser(
        "_winrm/registry.py Registry.number", asked(_registry(lambda one: one.number("k", "v"))), _CIM_SEEDS, _DECLARED
    ),
    Parser("_winrm/registry.py Registry.values", asked(_registry(lambda one: one.values("k"))), _CIM_SEEDS, _DECLARED),
    Parser(
        """_winrm/policy.py read_mdm
        _windows/csp.py rights_of
        _winrm/host.py WinrmHost.mdm""",
        asked(_mdm),
        _CIM_SEEDS,
    ),
    Parser("_winrm/services.py Services.process", asked(_process), _CIM_SEEDS, _DECLARED),
    Parser(
        "_winrm/services.py Services.named\n_winrm/services.py Services.dependents",
        asked(_services),
        _CIM_SEEDS,
        _DECLARED,
    ),
    Parser("_winrm/services.py Services.call", asked(_call), _CIM_SEEDS, _DECLARED),
    Parser(
        "_winrm/lookup_names.py local_sid", asked(lambda cim: names.local_sid(cim, "EXCH", "x")), _CIM_SEEDS, _DECLARED
    ),
    Parser("_winrm/leftovers.py old\n_winrm/leftovers.py remove_file", asked(_old), _CIM_SEEDS),
    Parser("_winrm/policy.py read_rsop", asked(_rsop), _CIM_SEEDS),
    Parser("_winrm/policy.py names", asked(_policy_names), _CIM_SEEDS),
    Parser("_winrm/host.py WinrmHost.computer", _host(WinrmHost.computer), _CIM_SEEDS, _DECLARED),
    Parser("_winrm/host.py WinrmHost.operating_system", _host(WinrmHost.operating_system), _CIM_SEEDS, _DECLARED),
    Parser(
        """_winrm/host.py WinrmHost.accounts
        _winrm/host.py WinrmHost.policy_names
        _winrm/host.py WinrmHost.services
        _winrm/host.py WinrmHost.service_process
        _winrm/host.py WinrmHost.dependents
        _winrm/host.py WinrmHost.stop_service
        _winrm/host.py WinrmHost.start_service
        _winrm/host.py WinrmHost.rsop
        _winrm/host.py WinrmHost.registry""",
        _host(lambda host: host.registry(RegistryQuery("k", "v", "dword"))),
        _CIM_SEEDS,
        _DECLARED,
    ),
    Parser(
        "_winrm/host.py WinrmHost.group_members", _host(lambda host: host.group_members("x")), _CIM_SEEDS, _DECLARED
    ),
)
