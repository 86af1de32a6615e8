# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The words of the role pop3_prerequisites (pure)."""

from __future__ import annotations

from dataclasses import replace

from ansible_collections.winmail.exchange.plugins.plugin_utils._vocabulary import Vocabulary

POP3 = Vocabulary(
    "pop3_prerequisites_",
    (
        "account",
        "audit_fails",
        "ca_path",
        "gpo_conflict",
        "login_password",
        "login_user",
        "port",
        "probe_host",
        "probe_login",
        "probe_timeout",
        "report_dir",
        "restart",
        "restart_dependents",
        "restart_timeout",
        "result",
        "rights",
        "secure_logging",
        "service",
        "tls",
        "validate_certs",
    ),
)

# Words of one playbook each: elsewhere they may be anything.
VERIFY = replace(POP3, own=("write", "evidence_file"))
CONVERT = replace(POP3, own=("from_file", "to_file", "baseline_file", "host_roles"))


def vocabulary_of(word: str) -> Vocabulary:
    """The words of the playbooks that have this one."""
    return next((one for one in (VERIFY, CONVERT) if word in one.own), POP3)
