"""文書は本当のことを言う: what the documents name is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cli.examination_texts import CHECKS
from engine.search_attributes import SEARCH_ATTRIBUTES
from schemas.acts import ActKind
from schemas.countermeasures import CountermeasureActKind
from schemas.duty_acts import DutyActKind
from schemas.event_acts import EventActKind
from schemas.review import Stage

ROOT = Path(__file__).resolve().parent.parent
PAGES = [
    *sorted((ROOT / "docs").rglob("*.md")),
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md")),
]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_to_a_file_leads_to_one(page: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8"))
    missing = [link for link in links if "://" not in link and not (page.parent / link).exists()]
    assert missing == []


def test_each_promise_of_the_security_page_names_tests_that_are_there() -> None:
    page = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(tests/[\w/]+\.py)`", page))
    assert len(named) > 15
    assert {one for one in named if not re.search(r"def test_", (ROOT / one).read_text(encoding="utf-8"))} == set()
    promises = re.findall(r"^\|.+\| (.+) \|$", page.split("## 約束")[1], re.MULTILINE)
    assert [one for one in promises if not re.search(r"`tests/|【|確かめ|---", one)] == []


def test_the_process_page_names_every_stage_and_act() -> None:
    page = (ROOT / "docs" / "process.md").read_text(encoding="utf-8")
    for stage in Stage:
        assert stage.value in page
    for act in (*ActKind, *CountermeasureActKind, *EventActKind, *DutyActKind):
        assert f"`{act.value}`" in page


def test_the_page_for_temporal_clients_names_every_update_and_search_attribute() -> None:
    page = (ROOT / "docs" / "updates.md").read_text(encoding="utf-8")
    for name in (*ActKind, *CountermeasureActKind, *EventActKind, *DutyActKind, *SEARCH_ATTRIBUTES):
        assert f"`{name}`" in page


def test_the_page_for_operators_has_a_row_for_every_check_of_doctor() -> None:
    page = (ROOT / "docs" / "operation.md").read_text(encoding="utf-8")
    assert [check for check in CHECKS if f"\n| `{check}` |" not in page] == []
