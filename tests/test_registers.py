"""どのデータベースのテストか: what is of one database alone is left out of the other's run in one place."""

from __future__ import annotations

import pytest

from tests.conftest import NOT_ON


def test_nothing_is_left_out_by_the_command_line_that_is_of_one_database(pytestconfig: pytest.Config) -> None:
    """A `-m` that named the markers too would leave out on PostgreSQL what is of PostgreSQL alone, and nobody tells."""
    options: list[str] = pytestconfig.getini("addopts")
    assert [marker for marker in NOT_ON.values() if marker in options[options.index("-m") + 1]] == []
