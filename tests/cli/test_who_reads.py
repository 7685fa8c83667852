"""端末で読む者: without a name the operator reads all; with one what that person may see, as on the pages."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from cli.main import app
from settings import load_settings
from tests.house import AUDITOR, DRAFTER
from tests.new_register import database_url_in, drop_database, register_url_in
from tests.register import samples
from tests.waiting import BODY, DEPARTMENT, add_assessment, open_lasting_desk, open_review, opened

OTHER = "allowance-drafter"
EVENT, REVIEW = "risk/sato/1", "seen/1"


async def _fill(home: Path) -> None:
    async with open_lasting_desk(home) as (minaoshi, register):
        await add_assessment(minaoshi, "seen")
        await open_review(register, opened("seen"))
        await register.record_report(samples.risk_intake(), at=samples.AT, notices=())
        await register.open_event(samples.event(body=BODY, department=DEPARTMENT))


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    monkeypatch.setenv("MINAOSHI_HOME", str(tmp_path))
    monkeypatch.setenv("MINAOSHI_DATABASE_URL", database_url_in(tmp_path) or "")
    assert load_settings().register_url == register_url_in(tmp_path)
    asyncio.run(_fill(tmp_path))
    yield tmp_path
    drop_database(register_url_in(tmp_path))


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def listed(*arguments: str) -> Any:
    return json.loads(run(*arguments, "--json").output)


def test_lists_hold_what_the_person_sees(home: Path) -> None:
    assert home
    for command, name, there in (("event", "event_id", EVENT), ("review", "review_id", REVIEW)):
        for person, seen in ((None, [there]), (DRAFTER, [there]), (AUDITOR, [there]), (OTHER, [])):
            as_ = () if person is None else ("--as", person)
            assert [one[name] for one in listed(command, "list", *as_)] == seen, (command, person)
    assert listed("countermeasure", "list", "--as", OTHER) == []
    [row] = listed("assessment", "list", "--as", OTHER)
    assert row["yearly_due_on"] is None
    [row] = listed("assessment", "list", "--as", DRAFTER)
    assert row["yearly_due_on"] is not None


@pytest.mark.parametrize(
    "command",
    [
        ("event", "show", EVENT),
        ("review", "show", REVIEW),
        ("breach", "draft", EVENT, "--kind", "final"),
        ("breach", "compare", EVENT),
        ("assessment", "diff", "seen"),
    ],
    ids=["リスク事案", "見直し", "報告書の案", "報告書の比較", "評価書の比較"],
)
def test_what_a_person_may_not_see_is_refused_in_words(home: Path, command: tuple[str, ...]) -> None:
    assert home
    refused = run(*command, "--as", OTHER)
    assert refused.exception is not None
    assert "NotPermittedError" in type(refused.exception).__name__


def test_a_file_is_for_whoever_may_see_what_is_in_it(home: Path) -> None:
    assert home
    for command in (
        ("breach", "export", EVENT, "--as", "html"),
        ("assessment", "export", "seen", "--as", "html", "-o", "-"),
    ):
        refused = run(*command, "--by", OTHER)
        assert "NotPermittedError" in type(refused.exception).__name__
