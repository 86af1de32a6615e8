"""The Go client of Debian's winrmcp accepts the lab unchanged.

It logs on by Basic, opens a shell and sends its file in pieces with echo. It needs PowerShell to put them together,
which no host of the lab has: what counts here is that each of its requests is answered as it expects.
"""

from __future__ import annotations

import pathlib
import subprocess
from collections.abc import Callable

import pytest

from ansible_collections.winmail.exchange.tests.support import tiny_windows as fakes
from lab.server import RunningLab


@pytest.fixture
def winrmcp(
    need_program: Callable[[str], pathlib.Path], tmp_path: pathlib.Path
) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Copy a small file with the Go client: it logs on by Basic, opens a shell and echoes the file in pieces."""
    program = need_program("winrmcp")
    source = tmp_path / "small.txt"
    source.write_text("hello winrmcp\n")

    def run(*options: str, password: str = fakes.PASSWORD) -> subprocess.CompletedProcess[str]:
        command = [str(program), "-user", fakes.USER, "-pass", password, *options, str(source), "C:\\x.txt"]
        return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)

    return run


def lines_of(lab: RunningLab) -> list[str]:
    lines = lab.computer("fake1").snapshot()["lines"]
    assert isinstance(lines, list)
    return lines


@pytest.mark.parametrize("secure", [False, True], ids=["http", "https"])
def test_winrmcp_opens_a_shell_and_gets_the_exit_code_of_its_command(
    clear_lab: RunningLab, winrmcp: Callable[..., subprocess.CompletedProcess[str]], *, secure: bool
) -> None:
    host = clear_lab.hosts["fake1"]
    options = ["-addr", f"127.0.0.1:{host.https_port if secure else host.winrm_port}"]
    if secure:
        options += ["-https", "-cacert", str(clear_lab.certificate_path)]
    done = winrmcp(*options)
    assert done.returncode == 1
    assert "upload operation returned code=1" in done.stdout + done.stderr
    assert "'echo' is not recognized" in done.stdout + done.stderr  # the fake Windows' answer, not ours to please
    [line] = lines_of(clear_lab)
    assert line.startswith("echo aGVsbG8gd2lucm1jcAo= >> ")
    assert clear_lab.requests_by_action("fake1") == dict.fromkeys(
        ["Create", "Command", "Receive", "Signal", "Delete"], 1
    )


def test_winrmcp_is_refused_with_a_wrong_password(
    clear_lab: RunningLab, winrmcp: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    done = winrmcp("-addr", f"127.0.0.1:{clear_lab.hosts['fake1'].winrm_port}", password="wrong")
    assert done.returncode == 1
    assert "401" in done.stdout + done.stderr
    assert clear_lab.requests_by_action("fake1") == {"login": 1}
