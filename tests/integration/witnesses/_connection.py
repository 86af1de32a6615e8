"""Open Ansible's own winrm connection with the variables on standard input and use its protocol, as an action would."""

from __future__ import annotations

import json
import os
import sys

from ansible.errors import AnsibleConnectionFailure
from ansible.playbook.play_context import PlayContext
from ansible.plugins.loader import connection_loader, init_plugin_loader


def main() -> None:
    """Print what came of it as JSON: one entry for each line, or the connection's error."""
    variables, lines = json.load(sys.stdin)
    init_plugin_loader()
    connection = connection_loader.get("ansible.builtin.winrm", PlayContext(), os.devnull)
    extras = {name: value for name, value in variables.items() if name.startswith("ansible_winrm_")}
    connection.set_options(var_options={**variables, "_extras": extras})
    found: list[object] = []
    try:
        connection._connect()
        protocol, shell = connection.protocol, connection.shell_id
        for line in lines:
            command = protocol.run_command(shell, line)
            stdout, stderr, code = protocol.get_command_output(shell, command)
            protocol.cleanup_command(shell, command)
            found.append([stdout.decode(), stderr.decode(), code])
        connection.close()
    except AnsibleConnectionFailure as exc:
        found.append(f"unreachable: {exc}")
    print(json.dumps(found))  # noqa: T201 - the answer of this program


if __name__ == "__main__":
    main()
