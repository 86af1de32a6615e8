# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules as a baseline: controls that judge a host by what the tasks would have made of it (pure).

Sources: docs/schema/user-rights-baseline.json; the facts windows_domain_role and windows_domain_member of Ansible's
setup for Windows; the tags of hardening roles (V-…, rule_…, CAT1, CCI-…).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import InputError

from .model import Found, Left, Rule
from .write import quoted

ROLES = ("member_server", "domain_controller", "workgroup_member")
_CONTROLLER, _NO_CONTROLLER = ("domain_controller",), ("member_server", "workgroup_member")
_IN_DOMAIN, _ALONE = ("member_server", "domain_controller"), ("workgroup_member",)
# setup tells Win32_ComputerSystem.DomainRole in these words, and PartOfDomain as windows_domain_member.
_DOMAIN_ROLES: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("primary domain controller", "backup domain controller"), _CONTROLLER),
    **dict.fromkeys(("member server", "member workstation"), ("member_server",)),
    **dict.fromkeys(("stand-alone server", "stand-alone workstation"), _ALONE),
}
_FACT = r"""(?:ansible_{0}|ansible_facts\.{0}|ansible_facts\[['"]{0}['"]\])(?: \| bool)?"""
_ROLE_IS = re.compile(_FACT.format("windows_domain_role") + r""" ?== ?(?P<q>['"])(?P<role>[^'"]+)(?P=q)""")
_NO_CONTROLLER_IS = re.compile(r"""(?P<q>['"])controller(?P=q) not in """ + _FACT.format("windows_domain_role"))
_MEMBER = re.compile(_FACT.format("windows_domain_member"))
_SWITCH = re.compile(r"[A-Za-z_]\w*(?: ?\| ?bool)?(?: or [A-Za-z_]\w*(?: ?\| ?bool)?)*")
_SEVERITIES = {"cat1": "high", "cat2": "medium", "cat3": "low"}
_IDS = (re.compile(r"(V-\d+)"), re.compile(r"rule_(\d[\w.]*)"))
_NUMBERED = re.compile(r"\s*(?P<id>\d+(?:\.\d+)+)\b")
# What a plain English name means depends on the domain; Microsoft, "Security identifiers".
_RELATIVE = {"domain admins": "S-1-5-21-<domain>-512", "enterprise admins": "S-1-5-21-<root-domain>-519"}


@dataclass(frozen=True)
class Control:
    """One control, ready to be written: see docs/schema/user-rights-baseline.json."""

    id: str
    title: str
    right: str
    operator: str
    expected: tuple[str, ...]
    applies_to: tuple[str, ...]
    severity: str
    references: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Controls:
    """The controls of a file, what could not become one, and what reads differently now."""

    controls: tuple[Control, ...]
    left: tuple[Left, ...]
    remarks: tuple[str, ...]


def controls(found: Found, host_roles: Mapping[str, Sequence[str]]) -> Controls:
    """One control for each rule; ``host_roles`` says for which roles a condition of the file holds.

    Raises InputError for a role that does not exist.
    """
    strange = sorted({role for roles in host_roles.values() for role in roles} - set(ROLES))
    if strange:
        raise InputError(f"host_roles names {', '.join(strange)}; the roles are {', '.join(ROLES)}.")
    known = {" ".join(name.split()): tuple(roles) for name, roles in host_roles.items()}
    made: list[Control] = []
    left: list[Left] = []
    for rule in found.rules:
        try:
            one = _control(rule, known)
            _refuse_second(one, made)
        except InputError as exc:
            left.append(Left(rule.line, rule.title, str(exc), rule))
        else:
            made.append(one)
    return Controls(tuple(made), tuple(left), tuple(_remarks(found.rules, known)))


def _control(rule: Rule, known: Mapping[str, tuple[str, ...]]) -> Control:
    if rule.verb == "remove":
        raise InputError("it takes a right away, and a baseline says who holds it")
    if rule.template or any(account.is_template for account in rule.accounts):
        raise InputError("its accounts are templates, and a baseline names accounts")
    operator = operator_of(rule)
    return Control(
        _id(rule),
        " ".join(rule.title.split()) or f"Set {rule.right}",
        rule.right,
        operator,
        tuple(dict.fromkeys(_account(account.text) for account in rule.accounts)),
        _applies_to(rule.conditions, known),
        next((_SEVERITIES[tag.lower()] for tag in rule.tags if tag.lower() in _SEVERITIES), "medium"),
        _references(rule.tags),
    )


def operator_of(rule: Rule) -> str:
    """What the task asks, as an operator; a list that denies is at least: whoever is denied more is not worse off."""
    if rule.verb == "add":
        if not rule.accounts:
            raise InputError("it gives the right to nobody, which asks nothing")
        return "at_least"
    if not rule.accounts:
        return "nobody"
    return "at_least" if rule.right.startswith("SeDeny") else "exactly"


def _account(text: str) -> str:
    plain = " ".join(text.split())
    return _RELATIVE.get(plain.lower(), plain)


def _id(rule: Rule) -> str:
    for pattern in _IDS:
        for tag in rule.tags:
            found = pattern.fullmatch(tag)
            if found is not None:
                return found[1]
    numbered = _NUMBERED.match(rule.title)
    return numbered["id"] if numbered is not None else rule.right


def _references(tags: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    kinds = {
        "cci": re.compile(r"CCI-\d+"),
        "rule": re.compile(r"SV-\w+"),
        "stig_id": re.compile(r"WN\d\d-\w\w-\d+"),
        "nist": re.compile(r"NIST[\w.-]+"),
    }
    found = {
        kind: tuple(tag for tag in dict.fromkeys(tags) if pattern.fullmatch(tag)) for kind, pattern in kinds.items()
    }
    return {kind: values for kind, values in found.items() if values}


def _applies_to(conditions: Sequence[str], known: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    roles: tuple[str, ...] = ROLES
    for condition in conditions:
        meant = _roles_of(condition, known)
        if meant is None and _SWITCH.fullmatch(condition) is None:
            raise InputError(
                f"its condition says nothing of a host's role that is known: {condition}. Say it in host_roles"
            )
        if meant is not None:
            roles = tuple(role for role in roles if role in meant)
    if not roles:
        raise InputError("its conditions hold for no role of a host")
    return roles


def _roles_of(condition: str, known: Mapping[str, tuple[str, ...]]) -> tuple[str, ...] | None:
    """The roles for which a condition holds; None where it says nothing of them."""
    if condition in known:
        return known[condition]
    if condition.startswith("not "):
        inner = _roles_of(condition.removeprefix("not ").strip(), known)
        return None if inner is None else tuple(role for role in ROLES if role not in inner)
    role = _ROLE_IS.fullmatch(condition)
    if role is not None:
        return _DOMAIN_ROLES.get(role["role"].lower())
    if _NO_CONTROLLER_IS.fullmatch(condition):
        return _NO_CONTROLLER
    return _IN_DOMAIN if _MEMBER.fullmatch(condition) else None


def _refuse_second(one: Control, made: Sequence[Control]) -> None:
    for other in made:
        both = set(one.applies_to) & set(other.applies_to)
        if other.id == one.id and both:
            raise InputError(f"control {one.id} is there already for {', '.join(sorted(both))}")
        if other.right == one.right and both and other != one:
            raise InputError(
                f"control {other.id} is about {one.right} too and for the same roles, {', '.join(sorted(both))}"
            )


def _remarks(rules: Sequence[Rule], known: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    denials = [rule.line for rule in rules if rule.verb == "set" and rule.accounts and operator_of(rule) == "at_least"]
    if denials:
        yield (
            f"Lists that deny (line {', '.join(map(str, denials))}) became at_least: the tasks also take the denial "
            "from everybody else, the controls find no fault with that."
        )
    conditions = dict.fromkeys(one for rule in rules for one in rule.conditions)
    switches = [one for one in conditions if _roles_of(one, known) is None and _SWITCH.fullmatch(one)]
    more = ", …" if switches[3:] else ""
    if switches:
        yield (
            f"{len(switches)} conditions switch rules on and off ({', '.join(switches[:3])}{more}): "
            "a baseline has no variables. Choose controls with controls, or except accounts with waivers."
        )


def baseline_text(made: Controls, title: str, release: str, source: str) -> str:
    """The controls as a file of this collection's own format."""
    head = [f"title: {quoted(title)}", f"release: {quoted(release)}", f"source: {quoted(source)}"]
    lines = ["---", "# Made by winmail.exchange.user_right_convert; each control says what one task asked.", *head]
    lines.append("controls:")
    for control in made.controls:
        lines += [*([""] if lines[-1] != "controls:" else []), *_lines(control)]
    return "\n".join(lines) + "\n"


def _lines(control: Control) -> Iterator[str]:
    yield f"  - id: {quoted(control.id)}"
    yield f"    title: {quoted(control.title)}"
    yield f"    right: {control.right}"
    yield f"    operator: {control.operator}"
    if control.expected:
        yield f"    expected: [{', '.join(quoted(account) for account in control.expected)}]"
    if control.applies_to != ROLES:
        yield f"    applies_to: [{', '.join(control.applies_to)}]"
    yield f"    severity: {control.severity}"
    if control.references:
        yield "    references:"
        for kind, values in control.references.items():
            yield f"      {kind}: [{', '.join(quoted(value) for value in values)}]"
