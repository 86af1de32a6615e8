# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The worlds: each is one open question about Windows, with the answers the lab can play."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class World:
    """One question: its answers (the first is the default) and its row in docs/assumptions.md."""

    name: str
    values: tuple[str, ...]
    row: str
    question: str

    @property
    def default(self) -> str:
        """The answer that the references make likeliest."""
        return self.values[0]


def _w(row: str, name: str, values: str, question: str) -> World:
    return World(name, tuple(values.split()), row, question)


_ALL = (
    # cmd.exe and the shell
    _w("W01", "type_converts_utf16", "yes raw", "Does `type` convert a UTF-16 file with BOM to the shell's code page?"),
    _w("W02", "call_errorlevel", "works literal", "Does `call echo %^errorlevel%` print the late value?"),
    _w("W03", "exit_code_sign", "unsigned signed", "How does an exit code of 2^31 or more arrive?"),
    _w("W04", "unknown_program", "1 9009", "With which code does `cmd /c` end for a program that is not there?"),
    _w("W05", "chain_exit_code", "last_program last_command", "Is the code of `prog & echo x` that of prog or 0?"),
    _w(
        "W06",
        "long_line",
        "silent refused fault",
        "What does a line over 8,191 characters do: nothing with exit 0, a text with 1, or a fault at Command?",
    ),
    _w("W07", "fc_exit_codes", "documented always_zero", "Does `fc` end with 1 when files differ?"),
    _w("W08", "if_scope", "rest_of_line group_only", "Does `if c (a) & b` run b only when c holds?"),
    _w(
        "W09",
        "machine_language",
        "as_scenario de en zh ru",
        "Does the language of Windows matter to anything that is read?",
    ),
    _w("W90", "dir_s_paths", "full names", "Does `dir /b /s` print full paths?"),
    _w("W94", "type_plain_files", "bytes converted", "Does `type` show the bytes of a file without BOM as they are?"),
    _w("W95", "findstr_available", "yes no", "May findstr be run?"),
    _w("W91", "set_p_output", "bare line_end", "Does `set /p` print its prompt without a line end?"),
    _w("W93", "delayed_expansion", "off on", "Does a cmd.exe started without /v expand !names!?"),
    # secedit
    _w("W92", "inf_long_line", "whole cut_4096", "Does secedit read a template line of more than 4,096 characters?"),
    _w("W10", "export_bom", "yes no", "Does an export to a new file begin with a BOM?"),
    _w("W11", "export_order_stable", "yes no", "Do two exports of the same rights list holders in the same order?"),
    _w(
        "W12",
        "bare_names_scope",
        "local_only qualified local_and_domain",
        "Which accounts does an export print as names?",
    ),
    _w(
        "W13",
        "secedit_denied_exit",
        "1 5 740",
        "With which code does secedit refuse a caller without administrator rights?",
    ),
    _w("W14", "secedit_concurrency", "ok busy_once", "Does secedit fail (exit 1) while another one runs?"),
    _w(
        "W15", "unresolved_line", "others_applied line_skipped", "What of a configured line with one unresolvable name?"
    ),
    _w("W16", "bare_sid_line", "wiped kept", "What does a SID without asterisk leave of the right's holders?"),
    _w("W17", "forced_interactive", "yes no", "Does the engine force Administrators into SeInteractiveLogonRight?"),
    _w("W18", "secedit_log_encoding", "utf16 ansi", "How is the /log file encoded?"),
    _w("W19", "private_db_domain_names", "yes no", "Does the private database turn domain names into SIDs?"),
    _w("W20", "private_db_rights_names", "kept resolved", "Does it turn names in [Privilege Rights] into SIDs?"),
    _w(
        "W21", "configure_exit_partial", "3 0", "With which code does a configure end that could not apply every entry?"
    ),
    _w("W22", "dc_export_names", "bare sid", "How does an export on a domain controller print domain users?"),
    _w("W23", "quiet_log", "written suppressed", "Is the /log file written when /quiet is given?"),
    _w(
        "W24",
        "pool_names",
        "by_release bare sid",
        "Does an export print IIS pools as names: up to 2008 R2, always, never?",
    ),
    _w("W25", "kept_account_exit", "0 3", "With which code does a configure end whose error 50 was ignored?"),
    _w("W26", "new_database_exit", "0 3", "With which code does a configure end that made its database, all well?"),
    # names
    _w("W30", "icacls_available", "yes blocked fat", "Can icacls be asked: blocked by policy, scratch folder on FAT?"),
    _w("W31", "icacls_save_bom", "no yes", "Does `icacls /save` begin with a BOM?"),
    _w("W32", "icacls_aliases", "yes no", "Does it write two-letter aliases for known SIDs?"),
    _w("W33", "sddl_helper", "works fault_on_orphan absent", "Does SDDLToWin32SD answer, also for orphans?"),
    _w("W34", "unmapped_sid", "empty null fault", "How do Win32_SID and SDDLToWin32SD show a SID without account?"),
    _w("W35", "win32_sid", "works denied", "Does Win32_SID answer over the network?"),
    _w("W36", "lsa_cache_after_rename", "stale fresh", "Which name has an account right after a rename?"),
    _w("W37", "english_names_on_german", "no yes", "Do English well-known names translate on a German host?"),
    _w("W38", "dc_bare_names", "fail work", "Does a bare name translate on a domain controller?"),
    _w("W39", "cim_domain_accounts", "nothing slow", "What does a CIM query for domain accounts give on a member?"),
    _w("W40", "group_member_orphans", "missing listed", "Do orphaned members of a group appear in Win32_GroupUser?"),
    _w("W41", "owner_sid", "ok denied", "May an administrator read the owner of a service's process?"),
    _w("W42", "sddl_refusal", "code fault", "How does SDDLToWin32SD refuse a malformed SDDL string?"),
    _w("W43", "command_line_unicode", "yes no", "Do letters outside ASCII in a command line reach the programs?"),
    _w("W121", "machine_account_name", "computer other", "What is a joined machine's account in its domain called?"),
    _w("W44", "whoami", "runs blocked absent", "May the caller run whoami?"),
    _w("W45", "whoami_label", "last first", "Where does `whoami /groups` list the integrity level?"),
    _w("W46", "whoami_csv_quotes", "plain doubled", "How do quotation marks in a name come out of `whoami /fo csv`?"),
    _w(
        "W47",
        "logon_type_groups",
        "counted ignored",
        "Do NETWORK and its like count where Windows checks a logon right?",
    ),
    _w(
        "W48",
        "unreachable_name",
        "trust_failure none_mapped",
        "Which error has a name whose domain cannot be reached?",
    ),
    # policy
    _w("W50", "rsop", "present empty absent", "Is RSoP there for an administrator?"),
    _w("W51", "rsop_tokens", "sid names", "How do accounts print in RSOP_UserPrivilegeRight.AccountList?"),
    _w("W52", "gpt_cache", "present absent", "Are cached templates there on a domain member?"),
    _w("W53", "gpo_path_line", "end start", "Where in a cached template does the GPOPath line stand?"),
    _w("W54", "mdm_values", "all provider_set", "Which values does device management leave for a user right it sets?"),
    _w("W55", "osconfig_area", "policy_manager none", "Do OSConfig's user rights appear below PolicyManager?"),
    # services and events
    _w(
        "W60",
        "stop_service_timing",
        "prompt slow timeout outlasts",
        "How does a stop or start go: soon, after seconds, code 7 first, or no answer within the operation's time?",
    ),
    _w(
        "W61",
        "wevtutil_encoding",
        "utf16 utf16_no_bom utf8 ansi",
        "In which encoding does `wevtutil /uni:true` write to a pipe?",
    ),
    _w("W62", "events_rendered", "yes no", "Is the source of old events still registered (RenderedXml has a message)?"),
    # WS-Management: set on the host's WinRM service (see ON_THE_WIRE)
    _w(
        "W80",
        "denied",
        "provider connect win32",
        "With which code does CIM refuse a caller: 2150859013, 2150859014, 5?",
    ),
    _w("W81", "fault_detail", "captured wsman wmi", "In which shape do CIM's faults come?"),
    _w(
        "W82",
        "receive",
        "whole eager hesitant",
        "Does a Receive wait for the end of a command, or for its next output?",
    ),
    _w("W83", "disabled_cmd", "1 0", "With which code does a cmd.exe end that the policy DisableCMD forbids?"),
    _w("W85", "blocked_cmd", "1260 5", "With which error does a cmd.exe not start that AppLocker or WDAC blocks?"),
    _w("W84", "cim_files", "works absent", "Does CIM_DataFile tell and remove files over the network?"),
    # scheduled tasks and logons
    _w("W96", "cim_tasks", "works absent", "Is the namespace of Task Scheduler there (it is not before 2012)?"),
    _w(
        "W97",
        "task_register",
        "works cim_refused denied",
        "May a task of SYSTEM be registered: by CIM, only by schtasks, not at all?",
    ),
    _w("W98", "task_delete", "works absent", "Does a Delete of MSFT_ScheduledTask remove the task?"),
    _w("W99", "task_not_found", "hresult wsman", "How does a Get of a task that is not there come back?"),
    _w("W100", "secedit_as_task", "works fails", "Does secedit work in a task of SYSTEM?"),
    _w("W101", "task_next_action", "runs skipped", "Does the second action of a task run after a failed first?"),
    _w("W102", "registration_delay", "exact late", "Does the delay of a registration trigger end in time?"),
    _w("W103", "boot_trigger", "early late", "Does a boot trigger fire before WinRM takes connections?"),
    _w("W104", "task_run", "prompt slow", "How long does a task take?"),
    _w(
        "W105",
        "task_guard",
        "none at_once after_arming",
        "Does a security product remove the task: at once, or after the change?",
    ),
    _w("W106", "schtasks", "runs blocked", "May schtasks be run?"),
    _w("W107", "task_scheduler", "running stopped", "Does the service Schedule run?"),
    _w("W108", "policy_interval", "documented short", "How soon does Group Policy refresh again?"),
    _w("W109", "logon_refused", "401 fault", "How does WinRM tell of a network logon that a right forbids?"),
    _w(
        "W110",
        "task_start",
        "at_once queued unseen",
        "What shows a task that was just started: that it runs, that it is queued, nothing yet?",
    ),
    # POP3
    _w("W70", "pop3_credential_cache", "off on", "Does 5.x answer a repeated logon from its credential cache?"),
    _w("W72", "pop3_cleartext_at", "pass user", "At which command does 2007 and later refuse clear text?"),
    _w(
        "W73", "pop3_not_connected", "at_once later", "When does 2007 and later tell of a mailbox that it cannot reach?"
    ),
    _w("W71", "pop3_second_line", "no yes", "Does a refusal carry a second line (Connection is closed. 21)?"),
)
REGISTRY: Mapping[str, World] = {world.name: world for world in _ALL}
# Names of lab.winrm.settings too.
ON_THE_WIRE = ("denied", "fault_detail", "receive", "long_line", "disabled_cmd", "blocked_cmd", "logon_refused")


@dataclass(frozen=True)
class Worlds:
    """The answers chosen for one computer; what is not chosen has its default."""

    chosen: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, value in self.chosen.items():
            if name not in REGISTRY:
                raise ValueError(f"no world is called {name!r}; `python -m lab worlds` lists them")
            if value not in REGISTRY[name].values:
                allowed = ", ".join(REGISTRY[name].values)
                raise ValueError(f"world {name} has the values {allowed}, not {value!r}")

    def __getitem__(self, name: str) -> str:
        return self.chosen.get(name, REGISTRY[name].default)

    def merged(self, more: Mapping[str, str]) -> Worlds:
        """These answers with others on top."""
        return Worlds({**self.chosen, **more})
