# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How other tools call what an option of ours is: from a word that nobody has here to the right one (pure).

The words of each tool are those of its own documentation; docs/migration.md has them side by side.
"""

from __future__ import annotations

import difflib
import typing as t
from collections.abc import Mapping, Sequence

Words = Mapping[str, str]

_ACCOUNTS = "accounts, a list"
_EXACT = "state: pure, for exactly these accounts; state: present adds"
# ansible.windows.win_user_right (users, action), ansible.windows.win_dsc with SecurityPolicyDsc's UserRightsAssignment
# (resource_name, Policy, Identity, Force, Ensure), Chef's windows_user_privilege (principal, users, privilege, action),
# Puppet's local_security_policy (policy_setting, policy_type, policy_value), Salt's lgpo.set
# (computer_policy, cumulative_rights_assignments); docs/migration.md names where each is documented.
_WHO = (
    *("users", "user", "account", "identity", "identities", "principal", "principals", "members", "member"),
    *("sid", "sids", "policy_value"),
)
_WHICH = ("right", "privilege", "privileges", "permission", "permissions", "policy", "policy_setting", "user_right")
USER_RIGHT: Words = {
    **dict.fromkeys(_WHO, _ACCOUNTS),
    **dict.fromkeys(_WHICH, "name"),
    "names": "rights, a list with an entry for each right",
    "computer_policy": "rights, a list with an entry for each right",
    **dict.fromkeys(
        ("resource_name", "module_version", "policy_type", "policy_class"), "nothing: name alone says which right"
    ),
    "when": "a keyword of the task, beside the module and not among its options; in an entry of rights it is enabled",
    "enabled": "a word of an entry of rights; a whole task has when",
    # junipernetworks.junos.junos_config counts minutes and needs a second task.
    "confirm_commit": "nothing: with confirm: true the task confirms by itself, by a new logon",
    **dict.fromkeys(("confirm_minutes", "revert_timer", "timeout"), "confirm_timeout, in seconds, with confirm: true"),
    "action": "state: present for add, state: absent for remove, state: pure for set (the default of win_user_right)",
    "ensure": "state: present or state: absent",
    "force": _EXACT,
    "cumulative_rights_assignments": _EXACT,
    **dict.fromkeys(
        ("add", "remove", "set"), "an entry of rights: {name: …, add: […], remove: […]} or {name: …, set: […]}"
    ),
}
USER_RIGHT_ENTRY: Words = {
    **dict.fromkeys(("accounts", *_WHO), "add, remove or set"),
    "action": "the word itself: add: […], remove: […] or set: […] (set is the default of win_user_right)",
    **dict.fromkeys(("state", "ensure"), "add for present, remove for absent, set for pure"),
    **dict.fromkeys(("force", "cumulative_rights_assignments"), "set, for exactly these accounts; add adds"),
    **dict.fromkeys(_WHICH, "name"),
    **dict.fromkeys(("present", "grant"), "add"),
    **dict.fromkeys(("absent", "revoke"), "remove"),
    **dict.fromkeys(("pure", "exact", "exactly"), "set"),
    **dict.fromkeys(("when", "condition", "enable"), 'enabled, with a template: "{{ … }}"'),
}
USER_RIGHT_INFO: Words = {
    **dict.fromkeys(("name", "right", "rights", "privilege", "privileges", "permission", "policy"), "names, a list"),
    **dict.fromkeys(("users", "user", "account", "identity", "principal"), _ACCOUNTS),
}
# InSpec's waivers have a control id, justification, expiration_date and run; PowerSTIG has StigVersion, SkipRule
# and Exception.
USER_RIGHT_BASELINE_INFO: Words = {
    **dict.fromkeys(("name", "profile", "benchmark", "stig", "stigversion", "file", "path", "src"), "baseline"),
    **dict.fromkeys(("role", "server_role", "domain_role", "osrole"), "host_role"),
    **dict.fromkeys(("control", "rules", "rule", "ids", "id", "only", "tags"), "controls, a list of ids"),
    **dict.fromkeys(("waiver", "exceptions", "exception", "waiver_file"), "waivers, a list with an entry for each"),
    **dict.fromkeys(
        ("skip", "skiprule", "exclude", "exclude_controls"),
        "controls, the ids that are judged; a waiver excepts accounts of one",
    ),
}
USER_RIGHT_BASELINE_WAIVER: Words = {
    **dict.fromkeys(("id", "rule", "control_id", "controls"), "control"),
    **dict.fromkeys(_WHO, "accounts, a list"),
    **dict.fromkeys(("justification", "why", "comment", "description"), "reason"),
    **dict.fromkeys(("expiration_date", "expires", "expiry", "end", "valid_until"), "until, as YYYY-MM-DD"),
}
USER_RIGHT_CONVERT: Words = {
    **dict.fromkeys(("path", "file", "from", "from_file", "source", "tasks_file"), "src"),
    **dict.fromkeys(("to", "to_file", "destination", "output"), "dest"),
    **dict.fromkeys(("baseline", "baseline_file"), "baseline_dest"),
}
HOST_EVIDENCE: Words = {
    **dict.fromkeys(("path", "file", "evidence_file", "output"), "dest"),
    **dict.fromkeys(("change", "writes"), "write"),
}
POP3_SERVER_INFO: Words = {
    **dict.fromkeys(("name", "service_name", "services"), "service"),
    **dict.fromkeys(("user", "users", "accounts", "identity"), "account"),
    **dict.fromkeys(("right", "names", "privilege", "privileges"), "rights, a list"),
    **dict.fromkeys(("privilege_held", "probe"), "probe_privilege"),
}
# ansible.windows.win_service has the others.
SERVICE_RESTART: Words = {
    **dict.fromkeys(("service", "service_name", "services", "display_name"), "name, the service's key name"),
    **dict.fromkeys(("force_dependent_services", "force", "restart_dependents"), "dependents"),
    **dict.fromkeys(("wait", "wait_time", "wait_timeout", "delay"), "timeout, in seconds"),
    "state": "nothing: this task always restarts",
}
POP3_PROBE: Words = {
    **dict.fromkeys(("server", "hostname", "address", "ansible_host", "remote_addr"), "host"),
    **dict.fromkeys(("user", "username", "login_username", "url_username"), "login_user"),
    **dict.fromkeys(("password", "pass", "url_password"), "login_password"),
    **dict.fromkeys(
        ("ssl", "use_ssl", "use_tls", "starttls", "secure", "encryption"), "tls: none, starttls or implicit"
    ),
    **dict.fromkeys(("validate_cert", "verify", "validate_ssl"), "validate_certs"),
    **dict.fromkeys(("ca_cert", "cafile", "ca_file", "ca_certs", "cacert"), "ca_path"),
    **dict.fromkeys(("verdict", "verdicts", "expected"), "expect, a list of verdicts"),
}
FLEET_REPORT: Words = {
    **dict.fromkeys(("dest", "path", "dir", "directory", "folder", "output", "report_path"), "report_dir"),
    **dict.fromkeys(("type", "role", "report"), "kind"),
    **dict.fromkeys(("host", "targets", "limit"), "hosts, a list"),
    "name": "title",
}
# All else is a variable of the role.
POP3_PREREQUISITES_INFO: Words = {
    **{
        option: f"the variable pop3_prerequisites_{option}"
        for option in ("service", "account", "rights", "port", "tls")
    },
}
# What other tools call the values of an option.
VALUES: Mapping[str, Words] = {
    "state": {
        "add": "present",
        "grant": "present",
        "remove": "absent",
        "revoke": "absent",
        "set": "pure",
        "exact": "pure",
        "exactly": "pure",
        "clear": "pure with accounts: []",
    },
    "tls": {
        "ssl": "implicit",
        "pop3s": "implicit",
        "stls": "starttls",
        "true": "starttls or implicit",
        "false": "none",
    },
    "gpo_conflict": {"error": "fail", "warning": "warn", "none": "ignore"},
}


def unknown(written: t.Iterable[str], options: Sequence[str], words: Words) -> str | None:
    """The sentence for words that are no options, each with the right one; None where there are none."""
    unknown_words = [_instead_of(word, options, words) for word in written if word not in options]
    if not unknown_words:
        return None
    return f"Unsupported parameters: {', '.join(unknown_words)}. Supported parameters: {', '.join(sorted(options))}."


def _instead_of(word: str, options: Sequence[str], words: Words) -> str:
    """A word that is no option, with what it is called here, or with the option that looks like it."""
    known = words.get(word.lower())
    if known is not None:
        return f"{word} (here it is {known})"
    near = difflib.get_close_matches(word.lower(), options, n=1)
    return f"{word} (did you mean {near[0]}?)" if near else word
