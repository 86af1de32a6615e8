# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page of a fleet that was held against a baseline: readable without a script, searchable with one (pure)."""

from __future__ import annotations

import typing as t
from collections.abc import Iterable, Mapping, Sequence

from . import count, screen
from .markup import WORDS, Markup, Section, badge, gauge, joined, some, table, tag, time
from .model import STATUSES, WORST_FIRST, BaselineFleet, Host, JudgedHost, Rule
from .page import Head, page
from .page_values import Values

_NAMES, _MOST_NAMES = 4, 150
# An account that holds a right on every host as it should takes a row all the same; so many rows are read by nobody.
_MOST_HOLDINGS = 400
_MOST_ORPHANS = 200
_FAILING_NAMED = 6
# Letters; a page that would be larger leaves out the sentences that its other columns say as well.
LARGEST = 2_000_000
_LEAN = "There are so many different findings that the reasons are left out here: controls.csv has them."
_STATES = {"in_force": "in force", "expired": "ended", "unknown_account": "no effect: account unknown there"}


def baseline_page(fleet: BaselineFleet, drift: Mapping[str, t.Any] | None, notes: Iterable[str] = ()) -> str:
    """The whole page; ``notes`` say why an earlier report was passed over."""
    headline = screen.headline(fleet).partition(", as of ")[0]
    names = "; ".join(f"{one.label} ({one.source})" if one.source else one.label for one in count.baselines(fleet))
    # To the minute both are often the same.
    moments = dict.fromkeys(time(one) for one in count.times(fleet) if one)
    when = f"As of {' to '.join(moments)}. " if moments else ""
    sections = [
        _controls(fleet),
        _findings(),
        _accounts(fleet),
        _waivers(fleet),
        drift_section(drift, notes),
        _hosts(fleet),
    ]
    head = Head(
        fleet.title or "User rights baseline",
        headline.partition(";")[0],
        f"{when}Written {time(fleet.written_at)}. {f'Baseline: {names}.' if names else ''}",
        count.standings(fleet.hosts),
    )
    parts = [one for one in sections if one is not None]
    whole = page(head, parts, Values(fleet).told())
    if len(whole) <= LARGEST:
        return whole
    parts[1] = parts[1]._replace(note=f"{parts[1].note} {_LEAN}")
    return page(head, parts, Values(fleet, lean=True).told())


def _controls(fleet: BaselineFleet) -> Section:
    tallies = count.tallies(fleet)
    judged = sum(1 for host in fleet.hosts if host.findings)
    failing = [one for one in tallies if one.count("fail")]
    head = ("Control", "Right", "Severity", "Hosts that fail", "Unknown", "Waived", "Where it fails")

    def rows(some_of_them: Iterable[count.Tally]) -> list[list[object]]:
        return [
            [
                named_rule(one.rule),
                joined([one.rule.display_name, tag("code", one.rule.right)]) if one.rule.right else "every right",
                tag("span", one.rule.severity, class_=f"severity {one.rule.severity}"),
                joined([tag("b", one.count("fail")), gauge(one.count("fail"), judged)]),
                one.count("unknown") or "",
                one.count("waived") or "",
                some(one.hosts["fail"], _NAMES, _MOST_NAMES),
            ]
            for one in some_of_them
        ]

    worst = failing[: screen.WORST]
    parts = [table("worst", "The controls that fail on most hosts", head, rows(worst))] if worst else []
    others = [one for one in tallies if one not in worst]
    if others:
        title = f"The other {len(others)} controls" if worst else f"All {len(others)} controls"
        parts.append(tag("details", tag("summary", title), table("others", title, head, rows(others))))
    note = f"{len(failing)} of {len(tallies)} controls fail on at least one of {judged} judged hosts."
    return Section("controls", "Controls that fail most", joined(parts), note)


def named_rule(rule: Rule) -> Markup:
    """The id of a control, and its title where that says more than the right's own name."""
    title = "" if rule.title == rule.display_name else tag("span", rule.title, class_="sub")
    return joined([tag("b", rule.id), title])


def _findings() -> Section:
    """Made by the script alone: a thousand hosts have forty thousand rows."""
    statuses = joined(
        tag(
            "label",
            Markup(f'<input type="checkbox" name="status" value="{place}"{_checked(word)}>'),
            badge(word),
        )
        for place, word in enumerate(STATUSES)
    )
    form = tag(
        "form",
        tag("label", "Search", Markup('<input type="search" name="text" autocomplete="off">')),
        tag("label", "Control", tag("select", tag("option", "every control", value=""), name="control")),
        tag("fieldset", tag("legend", "Status"), statuses),
        class_="filters",
    )
    place = tag(
        "div",
        form,
        tag("p", class_="count", role="status"),
        tag("div", id="rows"),
        tag(
            "p",
            tag("button", "Show more", type="button", id="more"),
            tag("button", "Save these rows as CSV", type="button", id="save"),
            class_="buttons",
        ),
        class_="js",
        hidden="",
    )
    without = tag("p", "This part needs JavaScript. The same rows are in controls.csv.", class_="nojs note")
    return Section(
        "findings", "Host by control", joined([without, place]), "Search for a host, a control, a right or an account."
    )


def _checked(word: str) -> str:
    return " checked" if word in ("fail", "unknown") else ""


def _accounts(fleet: BaselineFleet) -> Section:
    found = count.holdings(fleet)
    # However many orphans there are, who is the computer is seen.
    shown = [one for one in found if one.orphan][:_MOST_ORPHANS]
    shown += [one for one in found if not one.orphan][: _MOST_HOLDINGS - len(shown)]
    rows = [
        [
            joined([tag("b", one.member.label), tag("code", one.member.sid or "no SID") if one.member.name else ""]),
            joined([one.display_name, tag("code", one.right)]) if one.right else "rights that are not judged",
            tag("span", "orphan", class_="badge fail") if one.orphan else tag("span", one.member.kind, class_="kind"),
            len(one.hosts),
            one.beyond or "",
            some(one.hosts, _NAMES, _MOST_NAMES),
        ]
        for one in shown
    ]
    head = ("Account", "Right", "Kind", "Hosts", "Not allowed on", "Where")
    orphans = len({one.member.sid for one in found if one.orphan})
    none = "No orphans (SIDs that no host has a name for)."
    number = "1 orphan, a SID" if orphans == 1 else f"{orphans} orphans, SIDs"
    first = f"{number} that no host has a name for: they come first." if orphans else none
    note = f"{first} Then come {' and '.join(count.MIGHTY)}, with which an account is the computer."
    hidden = len(found) - len(shown)
    rest = [tag("p", f"And {hidden} more rows: report.json has them all.", class_="note")] if hidden else []
    form = search_form("accounts-table", "Search accounts and rights")
    body = table("accounts-table", "Which account holds which right on which hosts", head, rows)
    return Section("accounts", "Who holds what where", joined([form, body, *rest]), note)


def search_form(target: str, label: str, words: Sequence[str] = (), called: Mapping[str, str] | None = None) -> Markup:
    """A search over the rows of a table, and a choice of its standings; shown by the script."""
    names = [(word, (called or {}).get(word, WORDS[word][1])) for word in words]
    options = [tag("option", "all", value=""), *(tag("option", name, value=word) for word, name in names)]
    select = tag("label", "Standing", tag("select", *options, name="word")) if words else Markup("")
    return tag(
        "form",
        tag("label", label, Markup('<input type="search" name="text" autocomplete="off">')),
        select,
        tag("p", class_="count", role="status"),
        class_="filters js",
        hidden="",
        data_table=target,
    )


def _waivers(fleet: BaselineFleet) -> Section | None:
    found = count.waivers(fleet)
    if not found:
        return None
    rows = [
        [
            tag("b", one.control),
            ", ".join(one.accounts),
            one.until or "no end",
            _STATES.get(one.state, one.state),
            one.reason,
            len(hosts),
            some(hosts, _NAMES, _MOST_NAMES),
        ]
        for one, hosts in found
    ]
    head = ("Control", "Accounts", "Until", "State", "Why", "Hosts", "Where")
    return Section("waivers", "Waivers", table("waivers-table", "Waivers and their ends", head, rows))


def drift_section(
    drift: Mapping[str, t.Any] | None, notes: Iterable[str] = (), called: Mapping[str, str] | None = None
) -> Section:
    """What is different from the report before, or that there is none."""
    names = called or {}
    told = [tag("p", note, class_="note") for note in notes]
    if drift is None:
        return Section("drift", "Since the last report", joined([*told, tag("p", "There is no earlier report here.")]))
    parts: list[Markup] = [*told]
    if drift["hosts"]:
        rows = [
            [one["host"], *(badge(one[side], names.get(one[side], "")) for side in ("before", "after"))]
            for one in drift["hosts"]
        ]
        parts.append(table("drift-hosts", "Hosts whose standing changed", ("Host", "Before", "Now"), rows))
    if drift["controls"]:
        rows = [
            [
                joined([tag("b", one["control"]), tag("span", one["title"], class_="sub")]),
                badge(one["before"]),
                badge(one["after"]),
                len(one["hosts"]),
                some(one["hosts"], _NAMES, _MOST_NAMES),
            ]
            for one in drift["controls"]
        ]
        head = ("Control", "Before", "Now", "Hosts", "Where")
        parts.append(table("drift-controls", "Controls whose status changed", head, rows))
    for name, words in (
        ("new_hosts", "New in this report"),
        ("gone_hosts", "In the last report only"),
        ("not_compared", "Not compared (another baseline, or nothing judged in one of both)"),
    ):
        if drift[name]:
            parts.append(tag("div", tag("b", f"{words}: "), some(drift[name], _NAMES, _MOST_NAMES), class_="line"))
    if len(parts) == len(told):
        parts.append(tag("p", "Every host stands as it did."))
    return Section(
        "drift", "Since the last report", joined(parts), f"Compared with {drift['folder']}, {time(drift['since'])}."
    )


def _hosts(fleet: BaselineFleet) -> Section:
    hosts = sorted(fleet.hosts, key=lambda host: WORST_FIRST.index(host.standing))
    head = ("Host", "Standing", "Role", "Read at", "Fail", "Unknown", "What fails, or why it was not judged")
    form = search_form("hosts-table", "Search hosts", WORST_FIRST)
    body = table("hosts-table", "All hosts, the worst first", head, map(_host, hosts))
    return Section("hosts", "All hosts", joined([form, body]))


def named_host(host: Host) -> Markup:
    """The name in the inventory, and what the computer calls itself where that is another name."""
    same = host.computer.lower() == host.host.partition(".")[0].lower()
    return joined([host.host, tag("span", host.computer, class_="sub") if host.computer and not same else ""])


def _host(host: JudgedHost) -> list[object]:
    failing = [one.rule.id for one in host.findings if one.status == "fail"]
    unknown = sum(1 for one in host.findings if one.status == "unknown")
    ids = count.some(failing, _FAILING_NAMED)
    why = " ".join(filter(None, [host.failure, ids]))
    judged = bool(host.findings)
    return [
        named_host(host),
        badge(host.standing),
        host.role.replace("_", " "),
        time(host.as_of),
        len(failing) if judged else "",
        unknown if judged else "",
        why,
    ]
