# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One control against one host: every operator, what is allowed beside it, and what is not known."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.winmail.exchange.plugins.plugin_utils._baseline.model import Control
from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import WindowsError
from ansible_collections.winmail.exchange.tests.support.memory_host import BYSTANDER, EXSVC, MemoryHost, store
from ansible_collections.winmail.exchange.tests.unit.plugins.plugin_utils._baseline.small import (
    ADMINISTRATORS,
    BACKUP,
    DENY,
    DOMAIN_ADMINS,
    ENTERPRISE_ADMINS,
    GUESTS,
    LINKS,
    LOCAL_SERVICE,
    MACHINES,
    NETWORK_SERVICE,
    OPERATORS,
    RELATIVE_DA,
    RELATIVE_EA,
    SERVICE,
    USERS,
    control,
    judged,
    member,
    optional,
    orphans,
    standalone,
)

TWO = (ADMINISTRATORS, OPERATORS)
EITHER = ["S-1-5-114", "S-1-5-113"]


@pytest.mark.parametrize(
    ("asked", "held", "status", "extra", "missing"),
    [
        (control("at_most", *TWO), [], "pass", [], []),
        (control("at_most", *TWO), [ADMINISTRATORS], "pass", [], []),
        (control("at_most", *TWO), [*TWO], "pass", [], []),
        (control("at_most", *TWO), [*TWO, USERS], "fail", [USERS], []),
        (control("at_most", *TWO), [EXSVC, USERS], "fail", [EXSVC, USERS], []),
        (control("at_most", EITHER), ["S-1-5-113"], "pass", [], []),
        (control("at_least", *TWO), [], "fail", [], [*TWO]),
        (control("at_least", *TWO), [OPERATORS], "fail", [], [ADMINISTRATORS]),
        (control("at_least", *TWO), [*TWO], "pass", [], []),
        (control("at_least", *TWO), [*TWO, USERS, EXSVC], "pass", [], []),
        (control("at_least", GUESTS, EITHER), [GUESTS, "S-1-5-113"], "pass", [], []),
        (control("at_least", GUESTS, EITHER), [GUESTS, "S-1-5-114"], "pass", [], []),
        (control("at_least", GUESTS, EITHER), [GUESTS], "fail", [], ["S-1-5-114"]),
        (control("exactly", *TWO), [], "fail", [], [*TWO]),
        (control("exactly", *TWO), [OPERATORS, ADMINISTRATORS], "pass", [], []),
        (control("exactly", *TWO), [OPERATORS, USERS], "fail", [USERS], [ADMINISTRATORS]),
        (control("nobody"), [], "pass", [], []),
        (control("nobody"), [ADMINISTRATORS], "fail", [ADMINISTRATORS], []),
    ],
    ids=lambda value: value.operator if isinstance(value, Control) else None,
)
def test_operators(asked: Control, held: list[str], status: str, extra: list[str], missing: list[str]) -> None:
    seen = judged(standalone(rights={BACKUP: held}), asked)
    assert (seen.status, seen.sids("extra"), seen.sids("missing")) == (status, extra, missing)
    assert seen.sids("holders") == held
    assert seen.result["compliant"] is (status == "pass")
    assert seen.result["summary"] == {"pass": 0, "fail": 0, "unknown": 0, "not_applicable": 0, "waived": 0, status: 1}


def test_the_whole_of_a_control() -> None:
    references = {"cci": ("CCI-1",), "cce": "CCE-2"}
    text = {"title": "Back up", "severity": "high", "note": "a hint"}
    asked = control("at_most", ADMINISTRATORS, id="V-1", references=references, **text)
    seen = judged(standalone(rights={BACKUP: [ADMINISTRATORS, EXSVC]}), asked)
    governed = seen.only.pop("governed")
    assert (governed["status"], governed["as_of"]) == ("none_seen", "2026-11-24T09:00:00Z")
    administrators = {"sid": ADMINISTRATORS, "name": "BUILTIN\\Administrators"}
    exsvc = {"sid": EXSVC, "name": "CORP\\exsvc", "kind": "account"}
    assert seen.only == {
        "id": "V-1",
        "title": "Back up",
        "right": BACKUP,
        "display_name": "Back up files and directories",
        "operator": "at_most",
        "expected": [administrators],
        "status": "fail",
        "holders": [{**administrators, "kind": "alias"}, exsvc],
        "extra": [exsvc],
        "missing": [],
        "allowed_by": [],
        "severity": "high",
        "references": {"cci": ["CCI-1"], "cce": "CCE-2"},
        "reason": f"It is held by CORP\\exsvc ({EXSVC}), who may not.",
        "note": "a hint",
    }
    rest = {key: value for key, value in seen.result.items() if key != "controls"}
    assert rest == {
        "changed": False,
        "computer": {"name": "EXCH", "domain": "corp.example", "part_of_domain": False, "domain_controller": False},
        "as_of": "2026-11-24T09:00:00Z",
        "host_role": "workgroup_member",
        "baseline": {"name": "mine", "title": "Mine", "release": "7", "source": "by hand"},
        "compliant": False,
        "summary": {"pass": 0, "fail": 1, "unknown": 0, "not_applicable": 0, "waived": 0},
        "remedy": [{"name": BACKUP, "remove": [EXSVC]}],
        "orphans": [],
        "waivers": [],
    }


def test_several_of_which_one_is_enough_are_all_told() -> None:
    [told] = judged(standalone(), control("at_least", EITHER)).only["expected"]
    assert (told["sid"], [one["sid"] for one in told["any_of"]]) == ("S-1-5-114", EITHER)


class TestAllowedBeside:
    def test_an_optional_member_with_its_reason(self) -> None:
        asked = control("at_most", ADMINISTRATORS, optional=(optional(EXSVC, "the backup service"),))
        seen = judged(standalone(rights={BACKUP: [ADMINISTRATORS, EXSVC]}), asked)
        assert (seen.status, seen.only["allowed_by"]) == ("pass", [{"sid": EXSVC, "reason": "the backup service"}])
        assert f"CORP\\exsvc ({EXSVC}) (the backup service)" in seen.only["reason"]

    def test_an_optional_member_is_not_missing(self) -> None:
        asked = control("exactly", ADMINISTRATORS, optional=(optional(EXSVC),))
        assert judged(standalone(rights={BACKUP: [ADMINISTRATORS]}), asked).status == "pass"

    @pytest.mark.parametrize(("services", "status"), [(("VMMS",), "pass"), ((), "fail")])
    def test_on_a_condition_the_services_decide(self, services: tuple[str, ...], status: str) -> None:
        asked = control("at_most", ADMINISTRATORS, right=LINKS, optional=(optional(MACHINES, service="vmms"),))
        there = tuple(_service(name) for name in services)
        seen = judged(standalone(rights={LINKS: [MACHINES]}, installed=there), asked)
        assert seen.status == status
        assert seen.host.calls.count("services") == 1

    def test_services_that_are_not_told_make_it_unknown(self) -> None:
        asked = control("at_most", ADMINISTRATORS, right=LINKS, optional=(optional(MACHINES, service="vmms"),))
        refused = {"services": WindowsError("access is denied")}
        seen = judged(standalone(rights={LINKS: [MACHINES]}, refuse=refused), asked)
        assert (seen.status, seen.result["compliant"], seen.result["remedy"]) == ("unknown", None, [])
        assert "the host did not tell its services" in seen.only["reason"]

    def test_nobody_is_asked_for_services_that_decide_nothing(self) -> None:
        asked = control("at_most", ADMINISTRATORS, right=LINKS, optional=(optional(MACHINES, service="vmms"),))
        seen = judged(standalone(rights={LINKS: [ADMINISTRATORS]}), asked)
        assert (seen.status, "services" in seen.host.calls) == ("pass", False)

    @pytest.mark.parametrize(
        ("right", "sid"),
        [
            ("SeAuditPrivilege", LOCAL_SERVICE),
            ("SeAuditPrivilege", NETWORK_SERVICE),
            ("SeTimeZonePrivilege", LOCAL_SERVICE),
            ("SeImpersonatePrivilege", SERVICE),
            ("SeInteractiveLogonRight", ADMINISTRATORS),
        ],
    )
    def test_whom_windows_insists_on(self, right: str, sid: str) -> None:
        seen = judged(standalone(rights={right: [sid]}), control("nobody", right=right))
        assert (seen.status, [one["sid"] for one in seen.only["allowed_by"]]) == ("pass", [sid])
        assert "Windows" in seen.only["allowed_by"][0]["reason"]

    def test_it_insists_on_nobody_else(self) -> None:
        seen = judged(
            standalone(rights={"SeTimeZonePrivilege": [NETWORK_SERVICE]}),
            control("nobody", right="SeTimeZonePrivilege"),
        )
        assert (seen.status, seen.sids("extra")) == ("fail", [NETWORK_SERVICE])


class TestNotKnown:
    @pytest.mark.parametrize("operator", ["at_most", "exactly", "nobody"])
    def test_a_holder_without_a_sid(self, operator: Any) -> None:
        members = () if operator == "nobody" else (ADMINISTRATORS,)
        held = [] if operator == "nobody" else [ADMINISTRATORS]
        seen = judged(standalone(rights={BACKUP: held}, unpinned={BACKUP: ("Lost",)}), control(operator, *members))
        assert (seen.status, seen.result["compliant"], seen.result["remedy"]) == ("unknown", None, [])
        assert seen.only["reason"] == "Not known: it is held by 'Lost', for which the host gave no SID."
        assert seen.only["holders"][-1] == {"sid": None, "name": "Lost", "kind": "unknown"}

    def test_it_may_be_the_one_that_is_missing(self) -> None:
        seen = judged(standalone(unpinned={DENY: ("Gäste",)}), control("at_least", GUESTS, right=DENY))
        assert (seen.status, seen.sids("missing")) == ("unknown", [])

    def test_it_does_not_matter_where_all_who_have_to_are_there(self) -> None:
        host = standalone(rights={DENY: [GUESTS]}, unpinned={DENY: ("Lost",)})
        assert judged(host, control("at_least", GUESTS, right=DENY)).status == "pass"

    def test_who_fails_for_certain_fails_and_both_are_said(self) -> None:
        host = standalone(rights={BACKUP: [USERS]}, unpinned={BACKUP: ("Lost",)})
        seen = judged(host, control("at_most", ADMINISTRATORS))
        assert (seen.status, seen.sids("extra")) == ("fail", [USERS])
        assert "Users" in seen.only["reason"]
        assert "'Lost'" in seen.only["reason"]
        assert seen.result["remedy"] == []  # user_right refuses to rewrite a line with a holder that it does not know

    def test_a_line_that_cannot_be_relied_on(self) -> None:
        host = standalone(rights={BACKUP: [USERS]}, unreadable={BACKUP: "a token holds ?"})
        seen = judged(host, control("at_most", ADMINISTRATORS))
        assert (seen.status, seen.sids("extra"), seen.result["remedy"]) == ("unknown", [], [])
        assert "a token holds ?" in seen.only["reason"]

    def test_a_failure_beside_it_makes_the_host_fail(self) -> None:
        host = standalone(rights={BACKUP: [USERS]}, unpinned={DENY: ("Lost",)})
        seen = judged(host, control("at_most", ADMINISTRATORS), control("nobody", right=DENY, id="C2"))
        assert seen.result["compliant"] is False
        assert seen.result["summary"]["unknown"] == 1


class TestAccountsOfTheDomain:
    asked = control("at_least", RELATIVE_EA, RELATIVE_DA, GUESTS, right=DENY)

    def test_of_the_root_domain_all_are_known(self) -> None:
        seen = judged(member(rights={DENY: [GUESTS, DOMAIN_ADMINS, ENTERPRISE_ADMINS]}), self.asked)
        assert seen.status == "pass"
        assert [one["sid"] for one in seen.only["expected"]] == [ENTERPRISE_ADMINS, DOMAIN_ADMINS, GUESTS]

    def test_there_they_can_be_missing(self) -> None:
        seen = judged(member(rights={DENY: [GUESTS]}), self.asked)
        assert (seen.status, seen.sids("missing")) == ("fail", [ENTERPRISE_ADMINS, DOMAIN_ADMINS])

    def test_of_another_domain_those_of_the_root_are_not_guessed(self) -> None:
        host = member(root=False, rights={DENY: [GUESTS, DOMAIN_ADMINS, "S-1-5-21-9-9-9-519"]})
        seen = judged(host, self.asked)
        assert (seen.status, seen.sids("missing"), seen.result["remedy"]) == ("unknown", [], [])
        assert RELATIVE_EA in seen.only["reason"]
        assert seen.only["expected"][0] == {"sid": None, "name": RELATIVE_EA}

    def test_a_domain_that_does_not_answer_is_not_guessed(self) -> None:
        seen = judged(member(reachable=False, rights={DENY: [GUESTS, DOMAIN_ADMINS]}), self.asked)
        assert seen.status == "unknown"
        assert seen.only["reason"] == (
            f"Not known: the SIDs of {RELATIVE_EA} and {RELATIVE_DA} are not known: the host could not look up its own "
            "account corp.example\\EXCH$ (icacls: 1332)."
        )

    def test_what_is_missing_for_certain_fails_beside_it(self) -> None:
        seen = judged(member(root=False, rights={DENY: []}), self.asked)
        assert (seen.status, seen.sids("missing")) == ("fail", [DOMAIN_ADMINS, GUESTS])
        assert "not known beside that" in seen.only["reason"]

    def test_a_server_in_no_domain_has_none(self) -> None:
        seen = judged(standalone(rights={DENY: [GUESTS]}), self.asked)
        assert seen.status == "unknown"
        assert "the host is in no domain" in seen.only["reason"]

    def test_only_a_group_of_that_number_can_be_meant(self) -> None:
        asked = control("at_most", RELATIVE_EA)
        root = judged(member(root=False, rights={BACKUP: ["S-1-5-21-9-9-9-519"]}), asked)
        other = judged(member(root=False, rights={BACKUP: ["S-1-5-21-9-9-9-520"]}), asked)
        assert (root.status, other.status) == ("unknown", "fail")

    def test_nothing_is_asked_where_no_control_needs_it(self) -> None:
        host = member(rights={BACKUP: [ADMINISTRATORS]})
        judged(host, control("at_most", ADMINISTRATORS))
        assert [name.written for query in host.queries for name in query.names] == []


class TestNames:
    def test_a_name_is_looked_up_with_the_read(self) -> None:
        host = member(rights={BACKUP: [ADMINISTRATORS, EXSVC]})
        seen = judged(host, control("at_most", ADMINISTRATORS, "CORP\\exsvc"))
        assert (seen.status, host.calls.count("read_rights")) == ("pass", 1)

    def test_one_that_the_host_does_not_know_may_be_any_holder(self) -> None:
        seen = judged(member(rights={BACKUP: [BYSTANDER]}), control("at_most", "CORP\\auditors"))
        assert seen.status == "unknown"
        assert "for the SID of CORP\\auditors is not known: the host was asked (icacls: 1332)" in seen.only["reason"]

    def test_it_does_not_matter_where_nobody_is_beyond(self) -> None:
        seen = judged(member(rights={BACKUP: [ADMINISTRATORS]}), control("at_most", ADMINISTRATORS, "CORP\\auditors"))
        assert seen.status == "pass"


class TestOrphans:
    GONE, OTHER, LOCAL = "S-1-5-21-1-2-3-9999", "S-1-5-21-7-7-7-1001", "S-1-5-21-5-5-5-1001"

    def host(self, *sids: str, **state: Any) -> MemoryHost:
        more = dict.fromkeys(sids, "orphan")
        return member(rights={BACKUP: [ADMINISTRATORS, *sids]}, kinds=more, **state)

    def test_none(self) -> None:
        seen = judged(self.host(), orphans())
        assert (seen.status, seen.only["concerns"], seen.only["right"]) == ("pass", "orphans", None)
        assert seen.only["governed"] is None

    def test_of_a_domain_that_answers(self) -> None:
        seen = judged(self.host(self.GONE), orphans())
        assert (seen.status, seen.sids("extra"), seen.result["orphans"]) == ("fail", [self.GONE], [self.GONE])
        assert seen.result["remedy"] == [{"name": BACKUP, "remove": [self.GONE]}]

    def test_of_another_domain_it_is_a_finding_that_is_not_cured(self) -> None:
        seen = judged(self.host(self.OTHER), orphans())
        assert (seen.status, seen.sids("extra"), seen.result["remedy"]) == ("fail", [self.OTHER], [])
        assert f"the remedy leaves {self.OTHER}" in seen.only["reason"]

    def test_of_a_domain_that_does_not_answer_nothing_is_known(self) -> None:
        seen = judged(self.host(self.GONE, reachable=False), orphans())
        assert (seen.status, seen.sids("extra"), seen.result["remedy"]) == ("unknown", [], [])
        assert seen.result["orphans"] == [self.GONE]

    def test_of_the_computer_itself(self) -> None:
        host = self.host(self.LOCAL, names={"S-1-5-21-5-5-5-501": "EXCH\\Guest"})
        host.rights[DENY] = ["S-1-5-21-5-5-5-501"]
        assert judged(host, orphans()).result["remedy"] == [{"name": BACKUP, "remove": [self.LOCAL]}]

    def test_a_computer_in_no_domain_knows_all_its_accounts(self) -> None:
        host = standalone(rights={BACKUP: [self.OTHER]}, kinds={self.OTHER: "orphan"})
        assert judged(host, orphans()).result["remedy"] == [{"name": BACKUP, "remove": [self.OTHER]}]

    @pytest.mark.parametrize("sid", ["S-1-12-1-1-2-3-4", "S-1-5-5-0-999", "S-1-15-3-1024-1"])
    def test_kinds_without_names_by_nature_stay(self, sid: str) -> None:
        seen = judged(self.host(sid), orphans())
        assert (seen.status, seen.result["remedy"]) == ("fail", [])

    def test_a_holder_without_a_sid_may_be_one(self) -> None:
        seen = judged(member(unpinned={BACKUP: ("Lost",)}), orphans())
        assert (seen.status, seen.sids("extra")) == ("unknown", [])

    def test_it_is_named_where_another_control_finds_it(self) -> None:
        seen = judged(self.host(self.GONE), control("at_most", ADMINISTRATORS))
        assert seen.only["extra"] == [{"sid": self.GONE, "name": None, "kind": "orphan"}]
        assert seen.result["orphans"] == [self.GONE]


def _service(name: str) -> Any:
    base = store()
    return type(base)(name, name, base.state, base.start_mode, base.account, base.process_id)
