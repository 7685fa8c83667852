"""台帳が離れている間の端末: what is told when the database, and not the program, has failed."""

from __future__ import annotations

import pytest
from sqlalchemy import create_engine, text

from cli.exit_status import ExitStatus
from cli.failures import tell
from client.register_away import RegisterAway


def test_a_register_that_is_away_is_told_as_what_can_not_be_reached(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(RegisterAway) as found, create_engine("sqlite:////nowhere/at/all").connect() as connection:
        connection.execute(text("SELECT 1"))
    assert tell(found.value, as_json=False) is ExitStatus.NOT_REACHABLE
    assert "同じ行為番号でもう一度" in capsys.readouterr().err
