from datetime import date
from functools import partial

import pytest

from guideline.procedure import STEPS, steps_for
from guideline.provisions import RULE_3, NotInForceError
from schemas.courses import Course
from schemas.levels import Level
from schemas.organisation import BodyKind
from schemas.review import Step

_TODAY = date(2026, 6, 1)
_LOCAL, _OTHER = BodyKind.LOCAL_GOVERNMENT, BodyKind.ADMINISTRATIVE_BODY
_NOTICE, _COMMENT, _CHECK, _SUBMIT, _APPROVAL, _PUBLISH = (
    Step.PUBLIC_NOTICE,
    Step.PUBLIC_COMMENT,
    Step.THIRD_PARTY_CHECK,
    Step.SUBMISSION,
    Step.COMMISSION_APPROVAL,
    Step.PUBLICATION,
)


@pytest.mark.parametrize(
    ("level", "body_kind", "steps"),
    [
        (Level.BASIC_ITEMS, _OTHER, [(_SUBMIT, "規則第5条第1項"), (_PUBLISH, "規則第5条第2項")]),
        (Level.BASIC_ITEMS, _LOCAL, [(_SUBMIT, "規則第5条第1項"), (_PUBLISH, "規則第5条第2項")]),
        (Level.PRIORITY_ITEMS, _OTHER, [(_SUBMIT, "規則第6条第1項"), (_PUBLISH, "規則第6条第3項")]),
        (Level.PRIORITY_ITEMS, _LOCAL, [(_SUBMIT, "規則第6条第1項"), (_PUBLISH, "規則第6条第3項")]),
        (
            Level.ALL_ITEMS,
            _OTHER,
            [
                (_NOTICE, "番号法第28条第1項"),
                (_COMMENT, "番号法第28条第1項"),
                (_SUBMIT, "番号法第28条第2項"),
                (_APPROVAL, "番号法第28条第2項"),
                (_PUBLISH, "番号法第28条第4項"),
            ],
        ),
        (
            Level.ALL_ITEMS,
            _LOCAL,
            [
                (_NOTICE, "規則第7条第1項"),
                (_COMMENT, "規則第7条第1項"),
                (_CHECK, "規則第7条第4項"),
                (_SUBMIT, "規則第7条第5項"),
                (_PUBLISH, "規則第7条第6項"),
            ],
        ),
    ],
    ids=["基礎・行政機関等", "基礎・地方", "重点・行政機関等", "重点・地方", "全項目・行政機関等", "全項目・地方"],
)
def test_a_reassessment_goes_through_the_steps_in_the_order_of_the_law(
    level: Level, body_kind: BodyKind, steps: list[tuple[Step, str]]
) -> None:
    rows = steps_for(level=level, body_kind=body_kind, course=Course.REASSESS, on=_TODAY)
    assert [(row.step, row.basis.article) for row in rows] == steps


@pytest.mark.parametrize("body_kind", BodyKind, ids=lambda kind: kind.value)
@pytest.mark.parametrize("level", [level for level in Level if level.rank], ids=lambda level: level.label)
def test_an_amendment_of_any_level_is_submitted_and_published(level: Level, body_kind: BodyKind) -> None:
    rows = steps_for(level=level, body_kind=body_kind, course=Course.AMEND, on=_TODAY)
    assert [(row.step, row.basis.article) for row in rows] == [
        (_SUBMIT, "規則第14条第1項"),
        (_PUBLISH, "規則第14条第2項"),
    ]
    by_itself = level is Level.ALL_ITEMS and body_kind is _OTHER
    assert all(("規則第14条第3項" in [one.article for one in row.provisions]) is not by_itself for row in rows)


def test_the_plan_register_goes_with_every_submission() -> None:
    submissions = [row for row in STEPS if row.step is _SUBMIT]
    assert submissions
    assert all(RULE_3 in row.provisions for row in submissions)


def test_each_procedure_ends_with_publication_or_its_end() -> None:
    last = [
        row.step
        for level in Level
        for kind in BodyKind
        for course in Course
        for row in steps_for(level=level, body_kind=kind, course=course, on=_TODAY)[-1:]
    ]
    assert set(last) == {_PUBLISH, Step.END_OF_PUBLICATION}


@pytest.mark.parametrize(
    ("level", "course"),
    [*((level, Course.NO_CHANGE) for level in Level), *((Level.NOT_REQUIRED, course) for course in Course)],
    ids=lambda value: value.label,
)
def test_nothing_is_asked_without_a_change_or_without_a_duty(level: Level, course: Course) -> None:
    assert steps_for(level=level, body_kind=_LOCAL, course=course, on=_TODAY) == ()


def test_promptly_is_five_business_days_and_not_a_number_of_the_law() -> None:
    row, _ = steps_for(level=Level.BASIC_ITEMS, body_kind=_LOCAL, course=Course.REASSESS, on=_TODAY)
    assert (row.business_days, row.confirmed) == (5, False)
    assert row.reasons == (
        "基礎項目評価書を、計画管理書と併せて個人情報保護委員会に提出します（規則第5条第1項、規則第3条）。",
        "期限の5開庁日は処理の目安であり、法令の定める日数ではありません（要確認）。",
    )


def test_the_first_rows_hold_from_their_very_day() -> None:
    asked = partial(steps_for, level=Level.BASIC_ITEMS, body_kind=_OTHER, course=Course.AMEND)
    assert len(asked(on=date(2016, 1, 1))) == 2
    with pytest.raises(NotInForceError, match="実施手続"):
        asked(on=date(2015, 12, 31))
