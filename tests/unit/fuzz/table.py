# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long a search for broken answers takes, and the table of all parsers."""

from __future__ import annotations

import os

from ansible_collections.winmail.exchange.tests.unit.fuzz.answer_parsers import ANSWERS
from ansible_collections.winmail.exchange.tests.unit.fuzz.baseline_parsers import BASELINES
from ansible_collections.winmail.exchange.tests.unit.fuzz.cim_parsers import CIM
from ansible_collections.winmail.exchange.tests.unit.fuzz.outside_parsers import OUTSIDE
from ansible_collections.winmail.exchange.tests.unit.fuzz.pop3_parsers import POP3
from ansible_collections.winmail.exchange.tests.unit.fuzz.windows_parsers import WINDOWS

# `make fuzz` multiplies the examples.
LONGER = int(os.environ.get("WINMAIL_EXCHANGE_FUZZ", "1"))
PARSERS = (*WINDOWS, *ANSWERS, *CIM, *POP3, *OUTSIDE, *BASELINES)
