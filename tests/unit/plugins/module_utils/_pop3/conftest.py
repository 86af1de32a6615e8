# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of the probe share."""

from __future__ import annotations

import pytest

from ansible_collections.winmail.exchange.tests.support.certificates import (
    Certificates,
    make_certificates,
)


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """A server's certificate for localhost and 127.0.0.1, and its authority."""
    return make_certificates(tmp_path_factory.mktemp("certificates"))
