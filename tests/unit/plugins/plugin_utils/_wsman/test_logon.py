# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is refused before a password is sent, and what is said of a logon that failed."""

from __future__ import annotations

import pytest

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import InputError, WindowsError
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman import faults
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.logon import PSRP, WINRM, Logon, Words, words_of

USER, PASSWORD = "CORP\\admin", "Corr3ct-Horse"


def logon(
    words: Words = WINRM, *methods: str, secure: bool = False, encryption: str = "auto", binding: bool = True
) -> Logon:
    return Logon(words, USER, secure, methods or ("ntlm",), encryption, binding, PASSWORD)


@pytest.mark.parametrize(
    ("words", "methods", "advice"),
    [
        (WINRM, ("basic",), "ansible_winrm_transport: ntlm"),
        (WINRM, ("plaintext",), "ansible_winrm_scheme: https"),
        (WINRM, ("ssl",), "ansible_port: 5986"),
        (WINRM, ("ntlm", "basic"), "encrypts every message"),
        (WINRM, ("kerberos", "plaintext"), "ansible.builtin.winrm would send"),
        (PSRP, ("basic",), "ansible_psrp_auth: negotiate and ansible_psrp_message_encryption: auto"),
    ],
)
def test_basic_over_http_is_refused_with_a_way_to_do_better(
    words: Words, methods: tuple[str, ...], advice: str
) -> None:
    with pytest.raises(InputError) as refused:
        logon(words, *methods).refuse_clear_text()
    assert advice in str(refused.value)
    assert USER in str(refused.value)
    assert "no connection was made" in str(refused.value)
    assert PASSWORD not in str(refused.value)


@pytest.mark.parametrize(
    "sound",
    [
        logon(WINRM, "ssl", secure=True),
        logon(WINRM, "basic", secure=True),
        logon(WINRM, "ntlm", "kerberos"),
        logon(WINRM, "ntlm", encryption="never"),
        logon(PSRP, "negotiate"),
        logon(PSRP, "credssp"),
        logon(PSRP, "basic", secure=True),
    ],
)
def test_nothing_else_is_refused(sound: Logon) -> None:
    sound.refuse_clear_text()


REJECTED = "ntlm: the specified credentials were rejected by the server"


@pytest.mark.parametrize(
    ("made", "said", "advice"),
    [
        (logon(WINRM, secure=True, binding=False), REJECTED, "ansible_winrm_send_cbt"),
        (logon(PSRP, secure=True, binding=False), REJECTED, "ansible_psrp_negotiate_send_cbt"),
        (logon(WINRM, binding=False), REJECTED, "Check ansible_user"),
        (logon(WINRM), REJECTED, "Check ansible_user"),
        (logon(WINRM), "ntlm: Access denied: Server did not respond with NTLM", "choose another with ansible_winrm_t"),
        (logon(WINRM, "kerberos"), "kinit: Password incorrect while getting initial credentials", "name@REALM"),
        (logon(PSRP, "kerberos"), "Ticket expired", "Get a ticket with kinit"),
        (logon(WINRM, "kerberos"), "Server not found in Kerberos database", "as ansible_host"),
        (logon(WINRM, encryption="never"), "Bad HTTP response. Code 500", "ansible_winrm_message_encryption at auto"),
        (logon(PSRP, encryption="never"), "HTTP 500", "ansible_psrp_message_encryption at auto"),
    ],
)
def test_a_failed_logon_says_what_was_said_and_what_to_do(made: Logon, said: str, advice: str) -> None:
    sentence = str(made.failure(said))
    assert sentence.startswith(f"Logging on to the host as {USER} failed: {said}")
    assert advice in sentence


@pytest.mark.parametrize(
    "made", [logon(), logon(encryption="never", secure=True), logon(encryption="auto")], ids=["ntlm", "https", "auto"]
)
def test_advice_that_does_not_fit_is_not_given(made: Logon) -> None:
    said = "Code 500"
    assert str(made.failure(said)) == f"Logging on to the host as {USER} failed: {said}."


def test_no_secret_is_in_a_sentence_or_a_repr() -> None:
    made = logon()
    sentence = str(made.failure(f"proxy http://me:secret@proxy:3128 said {PASSWORD}"))
    assert "secret" not in sentence
    assert PASSWORD not in sentence + repr(made)


@pytest.mark.parametrize("code", sorted(faults.ACCESS_DENIED))
def test_a_refused_shell_says_who_may_have_one(code: int) -> None:
    sentence = str(logon().refusal(WindowsError("no", code=code)))
    assert f"access denied, code {code}" in sentence
    assert "administrator of the host" in sentence


NO_REMOTE_SHELLS = 2150859180  # tests/captures/wsman/codes_wsman_quota_and_refusal.yml


@pytest.mark.parametrize("shape", ["outer", "inner"])
def test_a_host_that_allows_no_remote_shell_is_told_apart_from_a_logon_that_failed(shape: str) -> None:
    codes = {"code": NO_REMOTE_SHELLS} if shape == "outer" else {"code": 5555, "inner": NO_REMOTE_SHELLS}
    sentence = str(logon().refusal(WindowsError("no", text="Keine Remoteshells. ", **codes)))
    assert sentence.startswith(
        f"Windows accepts the logon of {USER} but refuses it the command shell: Keine Remoteshells"
    )
    assert "2150859180" in sentence
    assert "Allow Remote Shell Access" in sentence
    assert "failed" not in sentence


def test_any_quota_says_what_to_do() -> None:
    sentence = str(logon().refusal(WindowsError("no", code=2150859236, text="Zu viele Shells")))
    assert "refuses it the command shell: Zu viele Shells (code 2150859236). Let other runs end" in sentence


LACKING = (
    (WINRM, "kerberos: the python kerberos library is not installed", "'pywinrm[kerberos]'"),
    (
        WINRM,
        "the python kerberos library is not installed. Please install the pykerberos library",
        "'pywinrm[kerberos]'",
    ),
    (WINRM, "kerberos: requested auth method is kerberos, but pykerberos is not installed", "'pywinrm[kerberos]'"),
    (WINRM, "ntlm: requested auth method is ntlm, but requests_ntlm is not installed", "'requests-ntlm'"),
    (WINRM, "credssp: requests auth method is credssp, but requests-credssp is not installed", "'pywinrm[credssp]'"),
    (PSRP, "Cannot use CredSSP auth as requests-credssp is not installed: No module named 'x'", "'pypsrp[credssp]'"),
    (PSRP, "negotiate: No module named 'gssapi'", "'pypsrp[kerberos]'"),
)


@pytest.mark.parametrize(("words", "said", "package"), LACKING)
def test_a_library_that_the_controller_lacks_is_named_with_its_pip_line(words: Words, said: str, package: str) -> None:
    sentence = str(logon(words).failure(said))
    assert f"python3 -m pip install {package}" in sentence
    assert "Logging on" not in sentence


def test_any_other_refusal_of_a_shell_says_what_windows_said() -> None:
    assert "code 87" in str(logon().refusal(WindowsError("Windows refused a shell: code 87", code=87)))


@pytest.mark.parametrize(("option", "words"), [(None, ()), ("NTLM", ("ntlm",)), (["ntlm", "Basic"], ("ntlm", "basic"))])
def test_an_option_may_be_one_word_or_several(option: object, words: tuple[str, ...]) -> None:
    assert words_of(option) == words
