# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes a scenario of the lab from a file of evidence: the host that answered, as far as the file tells it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped] # it has no types of its own
import yaml

from lab.state.machine import RELEASES
from lab.worlds import REGISTRY

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "tests" / "evidence"
HOST = "witness"
LANGUAGES = {"0407": "de", "040c": "fr", "0419": "ru", "0804": "zh"}
# Domains that no account of the file told; the numbers are nobody's.
DOMAIN, COMPUTER = "S-1-5-21-4000000000-4000000000-4100000001", "S-1-5-21-4000000000-4000000000-4100000002"
# Far above the numbers that stand for others.
ADMINISTRATOR_RID = 900000
PASSWORD = "Replay-7gQx2vR9tKw-only"


def load(path: Path) -> dict[str, Any]:
    """The evidence in a file; raises jsonschema.ValidationError for a file that is none."""
    evidence: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    schema = json.loads((ROOT / "docs" / "schema" / "host-evidence.json").read_text(encoding="utf-8"))
    jsonschema.validate(evidence, schema)
    return evidence


def answers(evidence: dict[str, Any]) -> dict[str, str]:
    """The answers that the lab can play, by the name of the world."""
    return {
        one["world"]: one["answer"]
        for one in evidence["answers"]
        if one["world"] in REGISTRY and one["answer"] in REGISTRY[one["world"]].values
    }


def new_answers(evidence: dict[str, Any]) -> list[str]:
    """What the host answered that no world of the lab has: each is something to learn."""
    return [
        f"{one['row']} {one['world']}={one['answer']} ({one['seen']})"
        for one in evidence["answers"]
        if one["answer"] != "unknown" and one["world"] not in answers(evidence)
    ]


def scenario_of(evidence: dict[str, Any], folder: Path) -> Path:
    """Write the scenario of one host into a folder."""
    windows, domains = evidence["windows"], evidence["domains"]
    kind = "dc" if windows["role"] >= 4 else "member" if windows["part_of_domain"] else "workgroup"
    domain = domains.get("domain", DOMAIN)
    host: dict[str, Any] = {
        "name": HOST,
        "kind": kind,
        "release": _release(windows),
        "language": LANGUAGES.get(windows["locale"].lower(), "en"),
        "sid": domains.get("computer", COMPUTER),
        "rights": {right: [one["sid"] for one in held if one["sid"]] for right, held in evidence["rights"].items()},
        "worlds": answers(evidence),
        "policies": [f"policy{number}" for number in range(len(evidence["policies"]))],
    }
    if kind == "workgroup":
        host |= {"logon": ".\\Administrator", "passwords": {"Administrator": PASSWORD}}
    if kind != "dc":
        host |= _accounts(evidence, host["sid"])
    people = _accounts(evidence, domain)
    people.setdefault("users", []).append(
        {"name": "labadmin", "rid": ADMINISTRATOR_RID, "password": PASSWORD, "member_of": ["Domain Admins"]}
    )
    scenario = {
        "description": "A host as its evidence tells it.",
        "domain": {"netbios": "CORP", "dns": "corp.example", "sid": domain, **people},
        "policies": {f"policy{number}": _policy(one, number) for number, one in enumerate(evidence["policies"])},
        "hosts": [host],
    }
    path = folder / "evidence.yml"
    path.write_text(yaml.safe_dump(scenario, sort_keys=False), encoding="utf-8")
    return path


def _release(windows: dict[str, Any]) -> str:
    """The release with this version, or the nearest below it of its kind, which Vista (6.0) divides in two."""
    client = windows["product_type"] == 1
    own = tuple(map(int, windows["version"].split(".")))
    known = {
        tuple(map(int, version.split("."))): name
        for name, (version, dummy) in RELEASES.items()
        if (name.partition("_")[0] in ("10", "11")) == client and (int(version.partition(".")[0]) < 6) == (own[0] < 6)
    }
    return known[max((version for version in known if version <= own), default=min(known))]


def _accounts(evidence: dict[str, Any], authority: str) -> dict[str, list[dict[str, Any]]]:
    """The accounts of a domain or computer that have a number of their own; what nobody can name has none."""
    found: dict[str, list[dict[str, Any]]] = {}
    for sid, kind in evidence["accounts"].items():
        prefix, dummy, rid = sid.rpartition("-")
        if prefix != authority or int(rid) < 1000 or kind in ("orphan", "unknown"):
            continue
        several = "groups" if kind in ("group", "alias") else "users"
        found.setdefault(several, []).append({"name": f"{several[:-1]}{rid}", "rid": int(rid)})
    return found


def _policy(policy: dict[str, Any], number: int) -> dict[str, Any]:
    rights = {
        right: [token.lstrip("*") for token in tokens if token != "name"] for right, tokens in policy["rights"].items()
    }
    guid = policy["policy"] or f"00000000-0000-0000-0000-{number:012}"
    return {"guid": guid if guid.startswith("{") else f"{{{guid}}}", "name": f"Policy {number}", "rights": rights}
