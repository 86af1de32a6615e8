"""HTTP parsing: what a client sends is what is read, in any number of pieces, and nonsense is refused."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.winrm import http


def read(data: bytes, count: int = 1) -> list[http.Request | None]:
    async def run() -> list[http.Request | None]:
        reader = asyncio.StreamReader(limit=http.MAX_HEAD_BYTES)
        reader.feed_data(data)
        reader.feed_eof()
        return [await http.read_request(reader) for dummy in range(count)]

    return asyncio.run(run())


def outcome(data: bytes) -> int | str:
    try:
        [request] = read(data)
    except http.HttpError as exc:
        return exc.status
    return "end" if request is None else "request"


def test_two_requests_on_one_connection_are_read_one_after_the_other() -> None:
    data = (
        b"POST /wsman HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nX-A: 1\r\nX-A: 2\r\n\r\nabc"
        b"POST /wsman HTTP/1.1\r\nConnection: close\r\n\r\n"
    )
    first, second, end = read(data, 3)
    assert first is not None
    assert (first.method, first.target, first.body, first.keep_alive) == ("POST", "/wsman", b"abc", True)
    assert first.headers == {"host": "h", "content-length": "3", "x-a": "1, 2"}
    assert second is not None
    assert (second.body, second.keep_alive) == (b"", False)
    assert end is None


@pytest.mark.parametrize(
    ("data", "status"),
    [
        pytest.param(b"POST /wsman\r\n\r\n", 400, id="no version"),
        pytest.param(b"POST /wsman HTTP/2.0\r\n\r\n", 505, id="other version"),
        pytest.param(b"POST /wsman HTTP/1.1\r\nbad line\r\n\r\n", 400, id="header without colon"),
        pytest.param(b"POST /wsman HTTP/1.1\r\nA B: x\r\n\r\n", 400, id="header name with blank"),
        pytest.param(b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400, id="negative length"),
        pytest.param(b"POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nab", 400, id="body cut off"),
        pytest.param(b"POST / HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n", 413, id="too large"),
        pytest.param(b"POST / HTT", 400, id="head cut off"),
        pytest.param(b"A" * (http.MAX_HEAD_BYTES + 10), 431, id="endless head"),
        pytest.param(b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", 400, id="chunk size"),
        pytest.param(b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabcd", 400, id="chunk end"),
    ],
)
def test_a_bad_request_says_which_status_it_gets(data: bytes, status: int) -> None:
    with pytest.raises(http.HttpError) as caught:
        read(data)
    assert caught.value.status == status


@given(pieces=st.lists(st.binary(min_size=1, max_size=40), max_size=8), extension=st.booleans())
def test_a_chunked_body_is_its_chunks_joined(pieces: list[bytes], *, extension: bool) -> None:
    suffix = b";name=value" if extension else b""
    chunks = b"".join(b"%x%s\r\n%s\r\n" % (len(p), suffix, p) for p in pieces)
    head = b"POST /wsman HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
    [request] = read(head + chunks + b"0\r\nTrailer: x\r\n\r\n")
    assert request is not None
    assert request.body == b"".join(pieces)


@given(data=st.binary(max_size=300))
def test_any_bytes_are_a_request_a_refusal_or_the_end(data: bytes) -> None:
    assert outcome(data + b"\r\n\r\n") in {"request", "end", 400, 413, 431, 505}


@given(body=st.binary(max_size=100), status=st.sampled_from([200, 400, 401, 413, 500]))
def test_an_answer_carries_its_length_and_body(body: bytes, status: int) -> None:
    wire = http.Response(status, [("X-A", "1"), ("X-A", "2")], body).encode()
    head, dummy, rest = wire.partition(b"\r\n\r\n")
    assert rest == body
    lines = head.split(b"\r\n")
    assert lines[0].startswith(b"HTTP/1.1 %d " % status)
    assert lines.count(b"X-A: 1") == lines.count(b"X-A: 2") == 1
    assert b"Content-Length: %d" % len(body) in lines
