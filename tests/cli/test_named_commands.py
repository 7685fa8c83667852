"""端末の語のテスト: what a sentence calls by a command is a command that there is."""

from __future__ import annotations

import subprocess
import sys

import pytest
from typer.main import get_command

from cli.main import app
from web.failures import PAGE_WORDS


@pytest.mark.parametrize("said", sorted(one for one in PAGE_WORDS if one.startswith("minaoshi ")))
def test_a_command_that_a_sentence_names_exists(said: str) -> None:
    group: object = get_command(app)
    for word in said.split()[1:]:
        commands = getattr(group, "commands", None)
        if commands is None:
            return  # what follows the command is what it is given
        assert word in commands, said
        group = commands[word]
    assert not hasattr(group, "commands"), said


def test_no_start_loads_what_only_some_files_need() -> None:
    asked = "import sys, cli.main, client.minaoshi, web.application, worker; print(*sorted(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", asked], check=True, capture_output=True, text=True).stdout.split()
    assert "client.minaoshi" in loaded
    assert {"openpyxl", "typst"}.isdisjoint(loaded)
