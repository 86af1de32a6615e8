# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guide on connections has every message that a host which cannot be reached is answered with, and no other."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman import unreached

GUIDE = Path(__file__).resolve().parents[3] / "docs" / "connections.md"
HEADING = "## A host that cannot be reached"
# What logon.py and answered() begin with.
OTHERS = {
    "… answered with HTTP 404 (or 405)",
    "… answered with HTTP 503",
    "… answered with another status",
    "A library of this way to log on is not installed on the controller",
    "Windows accepts the logon of … but refuses it the command shell",
    "Logging on to the host as … failed",
}


def rows() -> set[str]:
    section = GUIDE.read_text(encoding="utf-8").partition(HEADING)[2].partition("\n## ")[0]
    cells = re.findall(r"^\| (.+?) \| ", section, re.MULTILINE)
    return set(cells) - {"the message begins with", "---"}


def test_each_message_is_a_row_of_the_guide() -> None:
    causes = {re.sub(r"\{\w+\}", "…", cause.happened) for cause in unreached._CAUSES}
    assert rows() == causes | OTHERS


# One text of a library for each, in their order: as tests/integration/connections has it where a port makes it say so.
SAID = (
    "ntlm: Max retries exceeded with url: /wsman (Caused by ProxyError('Unable to connect to proxy'))",
    "ntlm: Failed to resolve 'mail1' ([Errno -2] Name or service not known)",
    "ntlm: Failed to establish a new connection: [Errno 111] Connection refused",
    "ntlm: Failed to establish a new connection: [Errno 113] No route to host",
    "ntlm: 'Connection to mail1 timed out. (connect timeout=30)'",
    "ntlm: Read timed out. (read timeout=30)",
    "ntlm: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: Hostname mismatch, certificate is for 'x'",
    "ntlm: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: certificate has expired (_ssl.c:1006)",
    "ntlm: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate (_ssl.c:1006)",
    "ntlm: [SSL: WRONG_VERSION_NUMBER] wrong version number (_ssl.c:1006)",
    "ntlm: SSLEOFError(8, '[SSL: UNEXPECTED_EOF_WHILE_READING] EOF occurred in violation of protocol (_ssl.c:1006)')",
    "ntlm: ('Connection aborted.', BadStatusLine('SSH-2.0-OpenSSH_9.6'))",
    "ntlm: ('Connection aborted.', RemoteDisconnected('Remote end closed connection without response'))",
    "ntlm: auth method ntlm requires a username",
    "ntlm: invalid message_encryption arg: yes. Should be 'auto', 'always', or 'never'",
    "ntlm: Failed to parse: http://mail1:99999/wsman",
)


@pytest.mark.parametrize(("cause", "said"), list(zip(unreached._CAUSES, SAID, strict=True)), ids=range(len(SAID)))
def test_each_message_can_be_made(cause: unreached.Cause, said: str) -> None:
    way = unreached.Way("mail1", 5986, True, "/wsman", "ansible_winrm_scheme", "ansible_winrm_path", "the_trust")
    sentence = unreached.explained(said, way)
    assert sentence is not None
    assert sentence.startswith(cause.happened.format(host="mail1", place="mail1 port 5986", at=way.address))
    assert "{" not in sentence
