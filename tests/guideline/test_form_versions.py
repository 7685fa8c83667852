"""様式の版 (form versions)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from guideline.decisions import open_review, take
from guideline.form_versions import FORM_VERSIONS, permitted_versions, version_in_force
from guideline.refusals import RefusedError
from schemas.acts import ActKind
from schemas.forms.catalogue import known_forms
from schemas.review import Manifest, ManifestEntry
from tests.guideline.reviews import AT, DRAFTER, MANAGER, OPENING, TEAM, act_of, done, join

THE_DAY = date(2024, 10, 1)
IN_FORCE = [
    pytest.param(date(2018, 12, 31), None, id="平成31年1月の版の前"),
    pytest.param(date(2019, 1, 1), "2019-01", id="平成31年1月の版の初日"),
    pytest.param(THE_DAY - timedelta(days=1), "2019-01", id="令和6年10月の版の前日"),
    pytest.param(THE_DAY, "2024-10", id="令和6年10月の版の初日"),
]


@pytest.mark.parametrize(("on", "version"), IN_FORCE)
def test_a_version_is_in_force_from_its_day_on(on: date, version: str | None) -> None:
    row = version_in_force("basic_items", on=on)
    assert (row and row.version) == version


PERMITTED = [
    pytest.param(date(2024, 9, 30), date(2024, 9, 30), ["2019-01"], id="改正前に開き、改正前に出す"),
    pytest.param(date(2024, 9, 30), date(2024, 11, 1), ["2019-01", "2024-10"], id="改正前に開き、改正後に出す"),
    pytest.param(date(2024, 10, 1), date(2024, 11, 1), ["2024-10"], id="改正後に開く"),
    pytest.param(date(2018, 6, 1), date(2019, 2, 1), ["2019-01"], id="知られた版の前に開く"),
]


@pytest.mark.parametrize(("opened_on", "on", "versions"), PERMITTED)
def test_a_review_in_flight_keeps_its_form(opened_on: date, on: date, versions: list[str]) -> None:
    assert [row.version for row in permitted_versions("basic_items", opened_on=opened_on, on=on)] == versions


def test_of_a_form_that_is_not_known_nothing_is_said() -> None:
    assert permitted_versions("opinions", opened_on=THE_DAY, on=THE_DAY) == ()


def test_every_version_has_its_form_and_every_form_its_version() -> None:
    assert {(row.form, row.version, row.era_label) for row in FORM_VERSIONS} == {
        (form.name, form.version, form.era_label) for form in known_forms()
    }


OLD = Manifest(documents=(ManifestEntry(form="basic_items", form_version="2019-01", sha256="b" * 64),))


@pytest.mark.parametrize(("days_before", "refused"), [(0, True), (1, False)], ids=["改正の日に開く", "前日に開く"])
def test_a_draft_on_an_older_form_is_refused_in_a_review_that_opened_after(days_before: int, *, refused: bool) -> None:
    opened_at = AT.replace(year=2024, month=10, day=1) - timedelta(days=days_before)
    review = take(open_review(OPENING, at=opened_at), join(), at=opened_at)
    for by in (MANAGER, TEAM):
        review = done(review.model_copy(update={"review_id": "digital-agency-1/1"}), ActKind.FIND, by)
    act = act_of(ActKind.SUBMIT, DRAFTER, review=review, manifest=OLD)
    if not refused:
        assert take(review, act, at=AT).draft == OLD
        return
    with pytest.raises(RefusedError) as error:
        take(review, act, at=AT)
    assert error.value.refusal.code == "form_version"
    assert "2024-10（令和6年10月）" in error.value.refusal.remedy
