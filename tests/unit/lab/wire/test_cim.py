"""CIM over WS-Management: rows, pages, methods and refusals, as a client sees them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from ansible_collections.winmail.exchange.tests.support.tiny_windows import CIMV2, FakeWindows
from lab.faults import Faults
from lab.seams import Caller, CimInstance, CimReference, QueryResult, WmiError
from lab.winrm import names, soap, values
from lab.winrm.cim import Cim
from lab.winrm.fault import Fault
from lab.winrm.interference import Drop, Interference
from lab.winrm.reply import Reply
from lab.winrm.settings import Clock, settings_from

ADMIN = Caller("S-1-5-21-1-2-3-1008", "FAKE\\labadmin", (), administrator=True)
OTHER = Caller("S-1-5-21-1-2-3-2000", "FAKE\\second", (), administrator=True)
USER = Caller("S-1-5-21-1-2-3-3000", "FAKE\\labuser", (), administrator=False)
STAR = f"{names.WMI}root/cimv2/*"
SERVICE = f"{names.WMI}root/cimv2/Win32_Service"
NIL = f"{{{names.XSI}}}nil"
WQL = f'<w:Filter Dialect="{names.WQL_DIALECT}">{{}}</w:Filter>'


class Client:
    """Speaks to the WMI plug-in without a network."""

    def __init__(self, settings: Mapping[str, object] | None = None) -> None:
        self.windows = FakeWindows()
        self.clock = Clock()
        self.cim = Cim(settings_from(settings or {}), self.clock, lambda: self.windows)

    def ask(self, action: str, uri: str, xml: str = "", *, caller: Caller = ADMIN, **more: Any) -> ET.Element:
        spaces = f'xmlns:n="{names.ENUMERATION}" xmlns:w="{names.WSMAN}" xmlns:a="{names.ADDRESSING}"'
        text = f'<e {spaces} xmlns:b="{names.BINDING}" xmlns:xsi="{names.XSI}">{xml}</e>'
        request = soap.Envelope(
            action=action,
            resource_uri=uri,
            body=next(iter(ET.fromstring(text)), None),
            **more,
        )
        reply = self.cim.handle(request, caller, Interference(self.windows.faults))
        return tree(reply)

    def enumerate(self, inner: str, uri: str = STAR, **more: Any) -> ET.Element:
        return self.ask(names.ENUMERATE, uri, f"<n:Enumerate>{inner}</n:Enumerate>", **more)

    def query(self, wql: str, count: int = 50, **more: Any) -> ET.Element:
        optimize = f"<w:OptimizeEnumeration/><w:MaxElements>{count}</w:MaxElements>"
        return self.enumerate(optimize + WQL.format(soap.clean(wql)), **more)

    def pull(self, context: str, count: int = 50, caller: Caller = ADMIN) -> ET.Element:
        inner = f"<n:EnumerationContext>{context}</n:EnumerationContext><n:MaxElements>{count}</n:MaxElements>"
        return self.ask(names.PULL, STAR, f"<n:Pull>{inner}</n:Pull>", caller=caller)


def tree(reply: Reply) -> ET.Element:
    root = ET.fromstring(soap.build(reply.action, reply.body, "uuid:1"))
    body = root.find(f"{{{names.SOAP}}}Body")
    assert body is not None
    return body


def context_of(body: ET.Element) -> str:
    return body.findtext(f".//{{{names.ENUMERATION}}}EnumerationContext") or ""


def rows_of(body: ET.Element, namespace: str) -> list[ET.Element]:
    items = body.find(f".//{{{namespace}}}Items")
    return [] if items is None else list(items)


def ended(body: ET.Element, namespace: str) -> bool:
    return body.find(f".//{{{namespace}}}EndOfSequence") is not None


def test_get_returns_a_typed_instance() -> None:
    [instance] = Client().ask(names.GET, SERVICE, selectors={"name": "pop3svc"})
    assert instance.tag == f"{{{SERVICE}}}Win32_Service"
    assert instance.get(f"{{{names.XSI}}}type") == "p:Win32_Service_Type"
    assert [values.local(child.tag) for child in instance] == [
        "Caption",
        "Description",
        "InstallDate",
        "Name",
        "ProcessId",
        "Started",
    ]
    found = {values.local(child.tag): child for child in instance}
    assert found["Caption"].text == "POP3 <service> & more"
    assert (found["ProcessId"].text, found["Started"].text) == ("612", "true")
    assert found["Description"].text is None
    assert found["Description"].get(NIL) is None
    assert found["InstallDate"].findtext(f"{{{names.COMMON}}}Datetime") == "2026-11-24T09:00:00.12Z"


@pytest.mark.parametrize(
    ("uri", "selectors", "caller", "code"),
    [
        pytest.param(SERVICE, {"Name": "nope"}, ADMIN, 2150858752, id="no such instance"),
        pytest.param(SERVICE, {}, ADMIN, 2150859002, id="no keys"),
        pytest.param(f"{names.WMI}root/cimv2/Nope", {"A": "b"}, ADMIN, 2150858752, id="no such class"),
        pytest.param(SERVICE, {"Name": "pop3svc"}, USER, 2150859013, id="access denied"),
        pytest.param("urn:else", {}, ADMIN, 2150858811, id="no WMI resource"),
    ],
)
def test_get_refuses_with_the_code_of_windows(uri: str, selectors: dict[str, str], caller: Caller, code: int) -> None:
    with pytest.raises(Fault) as caught:
        Client().ask(names.GET, uri, selectors=selectors, caller=caller)
    assert caught.value.code == code


def test_select_star_gives_typed_rows_in_one_answer() -> None:
    body = Client().query("select * from Win32_Service")
    rows = rows_of(body, names.WSMAN)
    assert [row.tag for row in rows] == [f"{{{SERVICE}}}Win32_Service"] * 5
    assert ended(body, names.WSMAN)
    assert context_of(body) == ""
    assert body.find(f".//{{{names.ENUMERATION}}}EnumerationContext") is not None


def test_named_columns_give_fragments_in_no_namespace_and_alphabetical_order() -> None:
    body = Client().query("select ProcessId, Caption from Win32_Service")
    [row, *dummy] = rows_of(body, names.WSMAN)
    assert row.tag == f"{{{names.WSMAN}}}XmlFragment"
    assert [child.tag for child in row] == sorted(child.tag for child in row)
    assert {child.tag for child in row} >= {"Caption", "ProcessId"}
    assert row.findtext("InstallDate/Datetime") == "2026-11-24T09:00:00.12Z"
    caption = row.find("Caption")
    assert caption is not None
    assert caption.get(NIL) == "true"


def test_pages_follow_each_other_until_the_end_of_the_sequence() -> None:
    client = Client()
    first = client.query("select * from Win32_Service", count=2)
    context = context_of(first)
    second = client.pull(context, 2)
    third = client.pull(context_of(second), 2)
    assert [len(rows_of(first, names.WSMAN))] + [len(rows_of(b, names.ENUMERATION)) for b in (second, third)] == [
        2,
        2,
        1,
    ]
    assert not ended(first, names.WSMAN)
    assert not ended(second, names.ENUMERATION)
    assert ended(third, names.ENUMERATION)
    assert context_of(third) == ""
    with pytest.raises(Fault) as caught:
        client.pull(context)
    assert caught.value.code == 2150858779


def test_without_optimization_there_are_no_rows_yet() -> None:
    client = Client()
    body = client.enumerate(WQL.format("select * from Win32_Service"))
    assert rows_of(body, names.WSMAN) == []
    assert context_of(body).startswith("uuid:")
    assert len(rows_of(client.pull(context_of(body)), names.ENUMERATION)) == 5


def test_without_a_number_a_page_is_one_row() -> None:
    client = Client()
    body = client.enumerate("<w:OptimizeEnumeration/>" + WQL.format("select * from Win32_Service"))
    assert len(rows_of(body, names.WSMAN)) == 1
    assert not ended(body, names.WSMAN)


def test_a_page_is_cut_to_the_envelope() -> None:
    client = Client()
    client.windows.query = lambda *_: _rows(100, "x" * 1000)  # type: ignore[method-assign] # this test's rows
    body = client.query("select * from X", count=100, max_envelope=153_600)
    assert 70_000 < sum(len(ET.tostring(row)) for row in rows_of(body, names.WSMAN)) < 76_800  # UTF-16 is counted
    assert not ended(body, names.WSMAN)


def _rows(count: int, text: str) -> QueryResult:
    rows = [CimInstance(CIMV2, "X", {"N": number, "T": text}) for number in range(count)]
    return QueryResult(rows, projected=False)


@pytest.mark.parametrize(("size", "detail"), [(4096, "MinimumEnvelopeLimit"), (8192, "MaxEnvelopeSize")])
def test_an_envelope_that_is_too_small_is_refused(size: int, detail: str) -> None:
    client = Client()
    client.windows.query = lambda *_: _rows(1, "x" * 9000)  # type: ignore[method-assign] # this test's row
    with pytest.raises(Fault) as caught:
        client.query("select * from X", max_envelope=size)
    assert (caught.value.code, caught.value.detail) == (2150858824, detail)


@pytest.mark.parametrize(
    ("inner", "uri", "code"),
    [
        pytest.param(WQL.format("drop table"), STAR, 2150858778, id="bad query"),
        pytest.param(WQL.format("select * from X"), SERVICE, 2150859003, id="WQL on a class"),
        pytest.param('<w:Filter Dialect="urn:else"/>', STAR, 2150858778, id="unknown dialect"),
        pytest.param("", STAR, 2150858817, id="star without filter"),
        pytest.param("<w:EnumerationMode>EnumerateEPR</w:EnumerationMode>", SERVICE, 2150858754, id="mode"),
    ],
)
def test_enumerate_refuses_with_the_code_of_windows(inner: str, uri: str, code: int) -> None:
    with pytest.raises(Fault) as caught:
        Client().enumerate(inner, uri)
    assert caught.value.code == code


def test_an_enumeration_belongs_to_its_user_and_expires() -> None:
    client = Client()
    context = context_of(client.query("select * from Win32_Service", count=1))
    with pytest.raises(Fault):
        client.pull(context, caller=OTHER)
    client.pull(context, 1)
    client.clock.advance(61)
    with pytest.raises(Fault) as caught:
        client.pull(context)
    assert caught.value.code == 2150858779


def test_an_enumeration_can_be_released() -> None:
    client = Client()
    context = context_of(client.query("select * from Win32_Service", count=1))
    inner = f"<n:Release><n:EnumerationContext>{context}</n:EnumerationContext></n:Release>"
    client.ask(names.RELEASE, STAR, inner)
    assert client.cim.cursors.count() == 0


def test_open_enumerations_count_as_operations() -> None:
    client = Client({"max_operations_per_user": 1})
    context = context_of(client.query("select * from Win32_Service", count=1))
    with pytest.raises(Fault) as caught:
        client.query("select * from Win32_Service", count=1)
    assert caught.value.code == 2150859174
    client.pull(context)
    client.query("select * from Win32_Service", count=1)


@pytest.mark.parametrize("wrapped", [False, True], ids=["plain", "inside an EndpointReference"])
def test_an_association_filter_reaches_windows(*, wrapped: bool) -> None:
    epr = (
        f"<a:Address>x</a:Address><a:ReferenceParameters><w:ResourceURI>{SERVICE}</w:ResourceURI>"
        '<w:SelectorSet><w:Selector Name="Name">POP3SVC</w:Selector></w:SelectorSet></a:ReferenceParameters>'
    )
    target = f"<a:EndpointReference>{epr}</a:EndpointReference>" if wrapped else epr
    inner = (
        f'<w:OptimizeEnumeration/><w:MaxElements>9</w:MaxElements><w:Filter Dialect="{names.ASSOCIATION_DIALECT}">'
        f"<b:AssociatedInstances><b:Object>{target}</b:Object>"
        "<b:AssociationClassName>Win32_DependentService</b:AssociationClassName><b:Role>Antecedent</b:Role>"
        "<b:ResultClassName>Win32_Service</b:ResultClassName></b:AssociatedInstances></w:Filter>"
    )
    [row] = rows_of(Client().enumerate(inner), names.WSMAN)
    words = [child.text for child in row if values.local(child.tag) == "Words"]
    assert words == ["Win32_DependentService", "Win32_Service", "Antecedent", None]
    asked = row.find(f"{{{names.WMI}root/cimv2/Win32_Asked}}Asked")
    assert asked is not None
    assert soap.reference(asked) == CimReference("root/cimv2", "Win32_Service", {"Name": "POP3SVC"})


def test_invoke_passes_arguments_and_returns_embedded_instances() -> None:
    client = Client()
    uri = f"{names.WMI}root/cimv2/Win32_SecurityDescriptorHelper"
    method = f'<p:Do_INPUT xmlns:p="{uri}"><p:SDDL>D:(A;;1;;;BA)</p:SDDL><p:L>1</p:L><p:L>2</p:L>'
    body = client.ask(f"{uri}/Do", uri, f'{method}<p:N xsi:nil="true"/></p:Do_INPUT>')
    assert client.windows.invoked == [
        ("Win32_SecurityDescriptorHelper.Do", {"SDDL": "D:(A;;1;;;BA)", "L": ["1", "2"], "N": None})
    ]
    [output] = body
    assert output.tag == f"{{{uri}}}Do_OUTPUT"
    assert output.findtext(f"{{{uri}}}ReturnValue") == "0"
    assert values.arguments(output)["Descriptor"] == CimInstance(
        CIMV2,
        "Win32_SecurityDescriptor",
        {
            "ControlFlags": "4",
            "DACL": [
                CimInstance(
                    CIMV2,
                    "Win32_ACE",
                    {
                        "AccessMask": mask,
                        "Trustee": CimInstance(CIMV2, "Win32_Trustee", {"Name": "exsvc", "SIDString": "S-1-5-32-544"}),
                    },
                )
                for mask in ("1", "2")
            ],
        },
    )


@pytest.mark.parametrize(
    ("setting", "get_shape", "invoke_shape"),
    [("captured", False, True), ("wsman", False, False), ("wmi", True, True)],
)
def test_refusals_come_in_both_shapes(setting: str, *, get_shape: bool, invoke_shape: bool) -> None:
    client = Client({"fault_detail": setting})
    with pytest.raises(Fault) as got:
        client.ask(names.GET, SERVICE, selectors={"Name": "nope"})
    with pytest.raises(Fault) as invoked:
        client.ask(f"{SERVICE}/Explode", SERVICE, selectors={"Name": "nope"})
    assert (got.value.wmi_error, invoked.value.wmi_error) == (get_shape, invoke_shape)
    assert (invoked.value.code, invoked.value.cim_status) == (2150858752, 6)


def test_an_injected_fault_hits_the_operation_it_names() -> None:
    client = Client()
    client.windows.faults.add({"at": "cim", "match": {"operation": "^Get$"}, "do": "drop", "who": "all"})
    client.query("select * from Win32_Service")
    with pytest.raises(Drop) as caught:
        client.ask(names.GET, SERVICE, selectors={"name": "pop3svc"})
    assert caught.value.everyone


def test_an_injected_wsman_fault_has_the_code_it_names() -> None:
    faults = Faults()
    faults.add({"at": "cim", "do": "fault", "code": "0x80338029", "text": "late", "shape": "wmi"})
    with pytest.raises(Fault) as caught:
        Interference(faults).at("cim", operation="Get", class_name="X", text="")
    assert (caught.value.code, caught.value.reason, caught.value.wmi_error) == (2150858793, "late", True)


def test_delete_removes_an_instance_and_tells_who_is_not_there() -> None:
    client = Client()
    body = client.ask(names.DELETE, SERVICE, selectors={"Name": "POP3SVC"})
    assert len(body) == 0
    assert client.windows.deleted == [{"Name": "POP3SVC"}]
    with pytest.raises(Fault) as missing:
        client.ask(names.DELETE, SERVICE, selectors={"Name": "nothing"})
    assert missing.value.code == 2150858752
    assert client.windows.deleted == [{"Name": "POP3SVC"}]


def test_a_code_of_the_provider_itself_comes_as_an_error_of_wmi() -> None:
    """As PowerShell prints it of PS_ScheduledTask: HRESULT 0x80070002, ObjectNotFound (docs/sources.md S13)."""
    error = WmiError("hresult", "The system cannot find the file specified. ", "GetObject", "x", 0x80070002)
    fault = Client().cim._refused(error, "root/x", "wsman")
    text = soap.build_fault(fault, "HOST", "uuid:1").decode()
    for part in (">HRESULT 0x80070002<", ">2147942402<", ">13</p:error_Category>", ">6</p:CIMStatusCode>"):
        assert part in text
