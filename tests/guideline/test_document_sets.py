"""評価書一式: which forms make up an assessment, and which level follows."""

import pytest

from guideline.document_sets import (
    beyond_the_level,
    faults_of_new_forms,
    forms_needed,
    forms_permitted,
    in_order,
    level_of_forms,
    levels_after,
    missing_forms,
)
from schemas.courses import Course
from schemas.levels import Level
from schemas.review import Manifest, ManifestEntry


def _entry(form: str) -> ManifestEntry:
    return ManifestEntry(form=form, form_version="2024-10", sha256="a" * 64)


NEEDED = [
    pytest.param(Level.BASIC_ITEMS, Course.REASSESS, ("basic_items",), id="基礎の再実施"),
    pytest.param(Level.PRIORITY_ITEMS, Course.REASSESS, ("basic_items", "priority_items"), id="重点の再実施"),
    pytest.param(Level.ALL_ITEMS, Course.REASSESS, ("basic_items", "all_items"), id="全項目の再実施"),
    pytest.param(Level.ALL_ITEMS, Course.AMEND, ("basic_items",), id="全項目の修正"),
    pytest.param(Level.NOT_REQUIRED, Course.REASSESS, ("basic_items",), id="義務なし（任意）"),
]


@pytest.mark.parametrize(("level", "course", "forms"), NEEDED)
def test_a_reassessment_needs_all_forms_of_its_level(level: Level, course: Course, forms: tuple[str, ...]) -> None:
    assert forms_needed(level, course) == forms


def test_a_draft_that_lacks_a_form_is_told_which() -> None:
    manifest = Manifest(documents=(_entry("basic_items"),))
    assert missing_forms(manifest, level=Level.ALL_ITEMS, course=Course.REASSESS) == ("様式4",)
    assert missing_forms(manifest, level=Level.ALL_ITEMS, course=Course.AMEND) == ()


def test_a_reassessment_has_no_form_whose_procedure_its_level_lacks() -> None:
    manifest = Manifest(documents=(_entry("basic_items"), _entry("all_items")))
    assert beyond_the_level(manifest, level=Level.BASIC_ITEMS) == ("様式4",)
    assert beyond_the_level(manifest, level=Level.PRIORITY_ITEMS) == ("様式4",)
    assert beyond_the_level(manifest, level=Level.ALL_ITEMS) == ()


def test_an_amendment_publishes_no_larger_form_for_the_first_time() -> None:
    manifest = Manifest(documents=(_entry("basic_items"), _entry("all_items")))
    [fault] = faults_of_new_forms(manifest, published=["basic_items"])
    assert "様式4はまだ公表されておらず" in fault
    assert faults_of_new_forms(manifest, published=["basic_items", "all_items"]) == ()
    assert faults_of_new_forms(Manifest(documents=(_entry("basic_items"),)), published=["legacy"]) == ()


PERMITTED = [
    pytest.param(Level.ALL_ITEMS, Course.REASSESS, None, {"basic_items", "all_items"}, id="重点から全項目への再実施"),
    pytest.param(Level.PRIORITY_ITEMS, Course.AMEND, None, {"basic_items", "priority_items"}, id="修正"),
    pytest.param(
        Level.PRIORITY_ITEMS, Course.AMEND, Level.ALL_ITEMS, {"basic_items", "priority_items"}, id="上がる修正"
    ),
    pytest.param(Level.PRIORITY_ITEMS, Course.AMEND, Level.BASIC_ITEMS, {"basic_items"}, id="下がる修正"),
]


@pytest.mark.parametrize(("level", "course", "submitted", "forms"), PERMITTED)
def test_what_stays_of_a_published_set_follows_from_course_and_level(
    level: Level, course: Course, submitted: Level | None, forms: set[str]
) -> None:
    published = ("basic_items", "priority_items")
    assert forms_permitted(level, course, published=published, submitted=submitted) == forms


def test_the_documents_of_a_set_stand_in_the_order_of_their_forms() -> None:
    entries = [_entry(form) for form in ("legacy_form", "all_items", "basic_items", "priority_items")]
    assert [one.form for one in in_order(entries)] == ["basic_items", "priority_items", "all_items", "legacy_form"]


@pytest.mark.parametrize(
    ("forms", "level"),
    [
        (("basic_items",), Level.BASIC_ITEMS),
        (("basic_items", "priority_items"), Level.PRIORITY_ITEMS),
        (("basic_items", "all_items"), Level.ALL_ITEMS),
    ],
    ids=["様式2", "様式2と3", "様式2と4"],
)
def test_the_highest_form_of_a_set_tells_its_level(forms: tuple[str, ...], level: Level) -> None:
    assert level_of_forms(forms) is level


def _basic(result: str, submitted: str) -> dict[str, object]:
    return {"threshold_result": result, "risk_measures": {"submitted_level": submitted}}


AFTER = [
    pytest.param(
        _basic("priority_items", "basic_items"),
        Course.AMEND,
        Level.BASIC_ITEMS,
        (Level.PRIORITY_ITEMS, Level.BASIC_ITEMS),
        id="上がった後の修正は上位の評価を待つ",
    ),
    pytest.param(
        _basic("basic_items", "basic_items"),
        Course.AMEND,
        Level.PRIORITY_ITEMS,
        (Level.BASIC_ITEMS, Level.BASIC_ITEMS),
        id="下がった後の修正は下位の評価になる",
    ),
    pytest.param(
        _basic("basic_items", "priority_items"),
        Course.AMEND,
        Level.PRIORITY_ITEMS,
        (Level.BASIC_ITEMS, Level.PRIORITY_ITEMS),
        id="下がっても任意に続ける",
    ),
    pytest.param(
        _basic("all_items", "all_items"),
        Course.REASSESS,
        Level.BASIC_ITEMS,
        (Level.ALL_ITEMS, Level.ALL_ITEMS),
        id="再実施の後は実施した評価になる",
    ),
    pytest.param(None, Course.AMEND, Level.ALL_ITEMS, (None, Level.ALL_ITEMS), id="旧様式の様式2"),
]


@pytest.mark.parametrize(("basic", "course", "before", "levels"), AFTER)
def test_the_levels_after_publication_follow_from_the_basic_form(
    basic: dict[str, object] | None, course: Course, before: Level, levels: tuple[Level | None, Level]
) -> None:
    assert levels_after(basic, course=course, before=before, carried_out=Level.ALL_ITEMS) == levels
