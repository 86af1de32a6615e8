# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""CIM over WS-Management: Get, Invoke and the way to a class; enumerations are in cursors.py."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from xml.etree import ElementTree as ET

from lab.seams import Caller, CimReference, QueryResult, Windows, WmiError
from lab.winrm import names, soap, values, wmi_faults
from lab.winrm.cursors import Cursors, size_of
from lab.winrm.fault import Fault
from lab.winrm.interference import Interference
from lab.winrm.reply import Reply
from lab.winrm.settings import Clock, Settings

_B = f"{{{names.BINDING}}}"


class Cim:
    """The WMI plug-in of one host; ``computer`` says which Windows is behind it now."""

    def __init__(self, settings: Settings, clock: Clock, computer: Callable[[], Windows]) -> None:
        self._settings = settings
        self._computer = computer
        self.cursors = Cursors(settings, clock)

    def handle(self, request: soap.Envelope, caller: Caller, interference: Interference) -> Reply:
        """Answer a request to a WMI resource; raises Fault and what ``interference`` raises."""
        if request.action == names.GET:
            return self._get(request, caller, interference)
        if request.action == names.DELETE:
            return self._delete(request, caller, interference)
        if request.action == names.ENUMERATE:
            return self._enumerate(request, caller, interference)
        if request.action == names.PULL:
            interference.at("cim", operation="Pull", class_name="", text="")
            return self.cursors.pull(request, caller)
        if request.action == names.RELEASE:
            return self.cursors.release(request, caller)
        if request.action.lower().startswith(f"{request.resource_uri.lower()}/"):
            return self._invoke(request, caller, interference)
        raise Fault.invalid_action()

    def _get(self, request: soap.Envelope, caller: Caller, interference: Interference) -> Reply:
        namespace, class_name = soap.wmi_path(request.resource_uri)
        keys = _plain(request)
        shown = ",".join(f'{name}="{value}"' for name, value in keys.items())
        interference.at("cim", operation="Get", class_name=class_name, text=shown)
        try:
            instance = self._computer().get(caller, namespace, class_name, keys)
        except WmiError as exc:
            if exc.kind == "not_found" and not keys:
                raise wmi_faults.keys_needed() from exc
            raise self._refused(exc, namespace, "wsman") from exc
        return self._sized(Reply(f"{names.GET}Response", values.typed(instance)), request)

    def _delete(self, request: soap.Envelope, caller: Caller, interference: Interference) -> Reply:
        namespace, class_name = soap.wmi_path(request.resource_uri)
        keys = _plain(request)
        shown = ",".join(f'{name}="{value}"' for name, value in keys.items())
        interference.at("cim", operation="Delete", class_name=class_name, text=shown)
        try:
            self._computer().delete(caller, namespace, class_name, keys)
        except WmiError as exc:
            raise self._refused(exc, namespace, "wsman") from exc
        return Reply(f"{names.DELETE}Response", "")

    def _invoke(self, request: soap.Envelope, caller: Caller, interference: Interference) -> Reply:
        namespace, class_name = soap.wmi_path(request.resource_uri)
        method = request.action[len(request.resource_uri) + 1 :]
        arguments = values.arguments(request.body)
        shown = f"{method} {arguments}"
        interference.at("cim", operation="Invoke", class_name=class_name, text=shown)
        try:
            result = self._computer().invoke(caller, namespace, class_name, _plain(request), method, arguments)
        except WmiError as exc:
            raise self._refused(exc, namespace, "wmi") from exc
        body = values.output(result, request.resource_uri, method)
        return self._sized(Reply(f"{request.action}Response", body), request)

    def _enumerate(self, request: soap.Envelope, caller: Caller, interference: Interference) -> Reply:
        namespace, class_name = soap.wmi_path(request.resource_uri)
        if request.body is None:
            raise Fault.schema("The Enumerate element is missing.")
        rows = self._rows(request.body, namespace, class_name, caller, interference)
        form = values.fragment if rows.projected else values.typed
        items = [form(instance) for instance in rows.instances]
        return self.cursors.open(request, caller, items)

    def _rows(
        self,
        body: ET.Element,
        namespace: str,
        class_name: str,
        caller: Caller,
        interference: Interference,
    ) -> QueryResult:
        mode = body.findtext(f"{{{names.WSMAN}}}EnumerationMode")
        if mode:
            raise Fault.unsupported(f"The enumeration mode {mode} is not supported.")
        found = _filter(body)
        if found is None or found.get("Dialect", "") == names.WQL_DIALECT:
            wql = _wql(found, class_name)
            interference.at("cim", operation="Enumerate", class_name=class_name, text=wql)
            return self._asked(namespace, wql, lambda w: w.query(caller, namespace, wql))
        if found.get("Dialect", "") == names.ASSOCIATION_DIALECT:
            target, words = _association(found)
            interference.at("cim", operation="Enumerate", class_name=target.class_name, text=" ".join(words))
            return self._asked(namespace, "", lambda w: w.associators(caller, target, *words))
        raise Fault.bad_dialect()

    def _asked(self, namespace: str, wql: str, ask: Callable[[Windows], QueryResult]) -> QueryResult:
        try:
            return ask(self._computer())
        except WmiError as exc:
            fault = self._refused(exc, namespace, "wsman", query=True)
            raise dataclasses.replace(fault, parameter=wql or fault.parameter) from exc

    def _refused(self, error: WmiError, namespace: str, captured: str, *, query: bool = False) -> Fault:
        fault = wmi_faults.from_wmi(error, namespace, query=query, denied=self._settings.denied)
        shape = self._settings.fault_detail
        if shape == "captured":
            shape = "wmi" if error.kind == "hresult" else captured
        return dataclasses.replace(fault, wmi_error=shape == "wmi")

    def _sized(self, reply: Reply, request: soap.Envelope) -> Reply:
        if size_of(reply.body) > self.cursors.room(request):
            raise Fault.too_large()
        return reply


def _plain(request: soap.Envelope) -> dict[str, str]:
    """The selectors, a reference among them as its WMI path."""
    return {
        name: value if isinstance(value, str) else _path(value)
        for name, value in request.selectors.items()
        if name != "__cimnamespace"
    }


def _path(target: CimReference) -> str:
    keys = ",".join(f'{name}="{value}"' for name, value in target.keys.items())
    return f"{target.class_name}.{keys}"


def _filter(body: ET.Element) -> ET.Element | None:
    """The filter, in the namespace of WS-Management or of WS-Enumeration: Windows takes both."""
    found = body.find(f"{{{names.WSMAN}}}Filter")
    return body.find(f"{{{names.ENUMERATION}}}Filter") if found is None else found


def _wql(found: ET.Element | None, class_name: str) -> str:
    if found is None:
        if class_name == "*":
            raise Fault.schema("An enumeration of * needs a filter.")
        return f"select * from {class_name}"
    if class_name != "*":
        raise Fault.wql_needs_star()
    return (found.text or "").strip()


def _association(found: ET.Element) -> tuple[CimReference, tuple[str, str, str, str]]:
    """What an AssociatedInstances filter asks for: the object, then association, result class, role, result role."""
    instances = found.find(f"{_B}AssociatedInstances")
    if instances is None:
        raise Fault.unsupported("Only AssociatedInstances are supported in an association filter.")
    target = instances.find(f"{_B}Object")
    if target is None:
        raise Fault.schema("The association filter names no object.")
    nested = target.find(f"{{{names.ADDRESSING}}}EndpointReference")
    reference = soap.reference(target if nested is None else nested)
    words = [
        (instances.findtext(f"{_B}{name}") or "").strip()
        for name in ("AssociationClassName", "ResultClassName", "Role", "ResultRole")
    ]
    return reference, (words[0], words[1], words[2], words[3])
