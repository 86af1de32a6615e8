# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""CIM values as XML and back (DSP0230 as Windows does it: MS-WSMV 2.2.4.2, its notes 58 and 59, and captures)."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from xml.etree import ElementTree as ET

from lab.seams import CimInstance, CimReference, CimValue
from lab.winrm import names, soap

_NIL = ' xsi:nil="true"'


def class_uri(namespace: str, class_name: str) -> str:
    """The resource URI of a WMI class."""
    return f"{names.WMI}{namespace}/{class_name}"


def typed(instance: CimInstance) -> str:
    """An instance of ``select *``: elements in the namespace of its class, in alphabetical order in any case."""
    uri = soap.attribute(class_uri(instance.namespace, instance.class_name))
    name = instance.class_name
    return (
        f'<p:{name} xmlns:xsi="{names.XSI}" xmlns:p={uri} xmlns:cim="{names.COMMON}"'
        f' xsi:type="p:{name}_Type">{_members(_ordered(instance), "p:", 1)}</p:{name}>'
    )


def fragment(instance: CimInstance) -> str:
    """A row of a query that named its columns: an XmlFragment, elements in no namespace, in alphabetical order."""
    members = _members(_ordered(instance), "", 1)
    return f'<w:XmlFragment xmlns:xsi="{names.XSI}" xmlns:w="{names.WSMAN}">{members}</w:XmlFragment>'


def _ordered(instance: CimInstance) -> dict[str, CimValue]:
    return {name: instance.properties[name] for name in sorted(instance.properties, key=str.casefold)}


def output(instance: CimInstance, uri: str, method: str) -> str:
    """The result of a method."""
    return (
        f'<p:{method}_OUTPUT xmlns:xsi="{names.XSI}" xmlns:p={soap.attribute(uri)}'
        f' xmlns:cim="{names.COMMON}">{_members(instance.properties, "p:", 1)}</p:{method}_OUTPUT>'
    )


def _members(properties: Mapping[str, CimValue], prefix: str, depth: int) -> str:
    return "".join(_property(f"{prefix}{n}", value, depth) for n, value in properties.items())


def _property(tag: str, value: CimValue, depth: int) -> str:
    """One property; ``depth`` numbers the prefixes of embedded instances, a tag without prefix has no namespaces."""
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "".join(_property(tag, item, depth) for item in value)
    if value is None:
        return f"<{tag}{_NIL}/>"
    if isinstance(value, CimInstance):
        return _embedded(tag, value, depth)
    bare = ":" not in tag
    if isinstance(value, CimReference):
        return f"<{tag}>{_reference(value, bare)}</{tag}>"
    if isinstance(value, datetime.datetime):
        name = "Datetime" if bare else "cim:Datetime"
        return f"<{tag}><{name}>{timestamp(value)}</{name}></{tag}>"
    text = str(value).lower() if isinstance(value, bool) else soap.clean(str(value))
    return f"<{tag}>{text}</{tag}>"


def _embedded(tag: str, value: CimInstance, depth: int) -> str:
    name = value.class_name
    if ":" not in tag:
        return f'<{tag} xsi:type="{name}_Type">{_members(value.properties, "", depth)}</{tag}>'
    uri = soap.attribute(class_uri(value.namespace, name))
    members = _members(value.properties, f"p{depth}:", depth + 1)
    return f'<{tag} xmlns:p{depth}={uri} xsi:type="p{depth}:{name}_Type">{members}</{tag}>'


def _reference(value: CimReference, bare: bool) -> str:
    a, w = ("", "") if bare else ("a:", "w:")
    keys = "".join(
        f"<{w}Selector Name={soap.attribute(name)}>{soap.clean(text)}</{w}Selector>"
        for name, text in value.keys.items()
    )
    uri = soap.clean(class_uri(value.namespace, value.class_name))
    return (
        f"<{a}Address>{names.ANONYMOUS}</{a}Address><{a}ReferenceParameters>"
        f"<{w}ResourceURI>{uri}</{w}ResourceURI><{w}SelectorSet>{keys}</{w}SelectorSet>"
        f"</{a}ReferenceParameters>"
    )


def timestamp(value: datetime.datetime) -> str:
    """A date and time as ``2013-03-09T03:06:25Z``, with as many digits of a second as there are."""
    utc = value.astimezone(datetime.timezone.utc) if value.tzinfo else value
    fraction = f".{utc.microsecond:06d}".rstrip("0") if utc.microsecond else ""
    return f"{utc:%Y-%m-%dT%H:%M:%S}{fraction}Z"


def arguments(body: ET.Element | None) -> dict[str, CimValue]:
    """The arguments in a ``Method_INPUT`` element; raises Fault. A name that comes twice is an array."""
    found: dict[str, CimValue] = {}
    for name, value in _named(body if body is not None else ()):
        if name not in found:
            found[name] = value
        else:
            before = found[name]
            found[name] = [*before, value] if isinstance(before, list) else [before, value]
    return found


def _named(elements: Iterator[ET.Element] | ET.Element | tuple[()]) -> Iterator[tuple[str, CimValue]]:
    for element in elements:
        yield local(element.tag), _value(element)


def _value(element: ET.Element) -> CimValue:
    if element.get(f"{{{names.XSI}}}nil", "").lower() in {"true", "1"}:
        return None
    if element.find(f"{{{names.ADDRESSING}}}ReferenceParameters") is not None:
        return soap.reference(element)
    if len(element) == 0:
        return element.text or ""
    only = element[0]
    if only.tag == f"{{{names.COMMON}}}Datetime":
        return only.text or ""
    class_name = element.get(f"{{{names.XSI}}}type", "").rpartition(":")[2].removesuffix("_Type")
    return CimInstance(_namespace_of(only.tag), class_name, arguments(element))


def _namespace_of(tag: str) -> str:
    uri = tag[1:].partition("}")[0] if tag.startswith("{") else ""
    return uri.removeprefix(names.WMI).rpartition("/")[0] if uri.startswith(names.WMI) else ""


def local(tag: str) -> str:
    """The name of a tag without its namespace."""
    return tag.rpartition("}")[2]
