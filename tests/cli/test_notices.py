"""届いていない知らせ: what the team does about it, in the terminal."""

from __future__ import annotations

import pytest

from tests.cli.terminal import Terminal
from tests.cli.test_ways_back import furnish


@pytest.mark.parametrize("verb", ["settle", "resend"])
def test_a_number_that_is_not_in_the_inbox_is_told_so(running: Terminal, verb: str) -> None:
    furnish(running)
    unknown = running.run("notice", verb, "0123456789ab", "--as", "team-lead")
    assert unknown.status == 1
    assert "届いていない知らせ 0123456789ab" in unknown.err
