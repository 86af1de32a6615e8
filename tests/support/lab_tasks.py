# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A computer's Task Scheduler as a client of CIM sees it, and XML to give it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lab.seams import Caller, CimInstance, CimValue
from lab.windows.computer import Computer

NAMESPACE = "root/Microsoft/Windows/TaskScheduler"
NAME = "winmail test"
END = "2999-01-01T00:00:00"
AFTER_FIVE_MINUTES = (
    f"<RegistrationTrigger><EndBoundary>{END}</EndBoundary><Delay>PT5M</Delay></RegistrationTrigger>"
    f"<BootTrigger><EndBoundary>{END}</EndBoundary></BootTrigger>"
)
ECHO = r"<Exec><Command>%windir%\System32\cmd.exe</Command><Arguments>/c echo done&gt;C:\ran.txt</Arguments></Exec>"


def task_xml(
    triggers: str = "",
    settings: str = "",
    actions: str = ECHO,
    *,
    declaration: str = "",
    version: str = "1.2",
) -> str:
    """A task of SYSTEM."""
    return (
        f'{declaration}<Task version="{version}" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">'
        "<RegistrationInfo><Description>a test</Description></RegistrationInfo>"
        f"<Triggers>{triggers}</Triggers>"
        '<Principals><Principal id="System"><UserId>S-1-5-18</UserId><RunLevel>HighestAvailable</RunLevel></Principal>'
        f'</Principals><Settings>{settings}</Settings><Actions Context="System">{actions}</Actions></Task>'
    )


def _properties(value: CimValue) -> Mapping[str, CimValue]:
    """Those of an embedded instance."""
    assert isinstance(value, CimInstance)
    return value.properties


@dataclass
class Scheduler:
    """Asks one computer's Task Scheduler as one caller."""

    computer: Computer
    caller: Caller

    def call(self, method: str, **arguments: CimValue) -> Mapping[str, CimValue]:
        """A method of PS_ScheduledTask."""
        found = self.computer.invoke(self.caller, NAMESPACE, "PS_ScheduledTask", {}, method, arguments)
        return found.properties

    def register(self, xml: str, name: str = NAME, *, force: bool = False) -> Mapping[str, CimValue]:
        """Register in the root folder; the embedded task that comes back."""
        done = self.call("RegisterByXml", Force=str(force).lower(), Xml=xml, TaskName=name, TaskPath="\\")
        assert done["ReturnValue"] == 0
        return _properties(done["cmdletOutput"])

    def start(self, name: str = NAME) -> None:
        """Start on demand."""
        assert self.call("StartByPath", TaskPath="\\", TaskName=name) == {"ReturnValue": 0}

    def info(self, name: str = NAME) -> Mapping[str, CimValue]:
        """MSFT_TaskDynamicInfo."""
        return _properties(self.call("GetInfoByName", TaskName=name, TaskPath="\\")["cmdletOutput"])

    def get(self, name: str = NAME) -> Mapping[str, CimValue]:
        """MSFT_ScheduledTask."""
        keys = {"TaskName": name, "TaskPath": "\\"}
        return self.computer.get(self.caller, NAMESPACE, "MSFT_ScheduledTask", keys).properties

    def delete(self, name: str = NAME) -> None:
        """A WS-Transfer Delete."""
        self.computer.delete(self.caller, NAMESPACE, "MSFT_ScheduledTask", {"TaskName": name, "TaskPath": "\\"})

    def names(self) -> list[str]:
        """The tasks that the computer itself keeps."""
        return [task.name for task in self.computer.tasks]

    def ran(self) -> bool:
        """Whether the action of ``ECHO`` was done."""
        return self.computer.machine.files.exists("C:\\ran.txt")
