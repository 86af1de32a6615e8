"""CIM values: what is written reads back, and moments are written in UTC."""

from __future__ import annotations

import datetime
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.winmail.exchange.tests.support.tiny_windows import CIMV2
from lab.seams import CimInstance, CimValue
from lab.winrm import values

SCALARS = st.one_of(
    st.none(),
    st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1),
    st.builds(str, st.integers()),
)


@given(properties=st.dictionaries(st.from_regex("[A-Za-z][A-Za-z0-9_]{0,9}", fullmatch=True), SCALARS, min_size=1))
def test_an_instance_reads_back_as_it_was(properties: dict[str, CimValue]) -> None:
    instance = CimInstance(CIMV2, "Win32_X", properties)
    element = ET.fromstring(values.typed(instance))
    assert values.arguments(element) == properties


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.timezone.utc), "2026-01-02T03:04:05Z"),
        (
            datetime.datetime(2026, 1, 2, 3, 4, 5, 1000, tzinfo=datetime.timezone(datetime.timedelta(hours=1))),
            "2026-01-02T02:04:05.001Z",
        ),
    ],
)
def test_a_moment_is_written_in_utc(moment: datetime.datetime, text: str) -> None:
    assert values.timestamp(moment) == text
