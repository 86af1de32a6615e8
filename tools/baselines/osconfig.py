"""Make the shipped microsoft_windows_server_2025 again from the CSV that Microsoft's OSConfig publishes.

Nothing in the shipped file is written by hand: id, title, operator, accounts and severity are those of the CSV.
"""

from __future__ import annotations

import argparse
import dataclasses
import re
from pathlib import Path

from ansible_collections.winmail.exchange.plugins.plugin_utils._baseline import read
from ansible_collections.winmail.exchange.tools.baselines import write

SHIPPED = Path(read.__file__).parent / "shipped"
_NAME = re.compile(r"SecurityBaseline_WindowsServer_(?P<year>[0-9]{4})-(?P<release>[0-9]{4})\.csv")
# REUSE-IgnoreStart
_COMMENT = (
    "Copyright (c) Microsoft Corporation.",
    "SPDX-FileCopyrightText: Copyright (c) Microsoft Corporation",
    "SPDX-License-Identifier: MIT",
    "The text of the licence is LICENSES/MIT.txt.",
    "",
    "Made from {source}",
    "by tools/baselines/osconfig.py, which makes it again from a newer one. Nothing in it is written by hand.",
)
# REUSE-IgnoreEnd


def make(data: bytes, name: str) -> tuple[str, str]:
    """The file's name and its text, from the bytes and the name of the CSV; raises ValueError for another name."""
    found = _NAME.fullmatch(name)
    if found is None:
        raise ValueError(f"{name} is not called as OSConfig calls its baselines: {_NAME.pattern}")
    source = f"github.com/microsoft/osconfig, security/{name}"
    baseline = dataclasses.replace(
        read.read(data, name),
        title=f"Microsoft security baseline for Windows Server {found['year']} (OSConfig), user rights",
        release=found["release"],
        source=source,
    )
    comment = [line.format(source=source) for line in _COMMENT]
    return f"microsoft_windows_server_{found['year']}.yml", write.render(baseline, comment)


def main() -> None:
    """Write the shipped file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("csv", type=Path, help="SecurityBaseline_WindowsServer_YEAR-RELEASE.csv")
    source: Path = parser.parse_args().csv
    name, text = make(source.read_bytes(), source.name)
    (SHIPPED / name).write_text(text, encoding="utf-8")
    print(f"{SHIPPED / name}: {text.count('- id:')} controls")


if __name__ == "__main__":
    main()
