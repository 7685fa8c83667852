"""漏えい等の要件: yes, no or not known yet."""

from __future__ import annotations

import pytest

from guideline.breach_conditions import DAMAGE, HARM, IN_FILE, IS_SPECIFIC, LEAK, LOSS, Condition, more_persons_than
from schemas.breach import BreachFacts, Happening
from tests.guideline.breaches import FEARED, NONE, OCCURRED


@pytest.mark.parametrize(
    ("happening", "holds"),
    [(OCCURRED, True), (FEARED, True), (NONE, False), (None, None)],
    ids=["発生した", "おそれがある", "ない", "不明"],
)
def test_a_fear_is_enough(happening: Happening | None, *, holds: bool | None) -> None:
    assert LEAK.holds(BreachFacts(leak=happening)) is holds


OUT = [
    pytest.param(LEAK, {"leak": OCCURRED, "recovered_unseen": True}, False, id="閲覧前に全て回収した漏えい"),
    pytest.param(LEAK, {"leak": OCCURRED, "recovered_unseen": None}, True, id="回収したか不明の漏えい"),
    pytest.param(LEAK, {"leak": None, "recovered_unseen": True}, False, id="漏えいか不明だが回収した"),
    pytest.param(LOSS, {"loss": FEARED, "kept_elsewhere": True}, False, id="別に保管されていた滅失"),
    pytest.param(LOSS, {"loss": OCCURRED, "deleted_for_cause": True}, False, id="合理的な理由による消去"),
    pytest.param(DAMAGE, {"damage": OCCURRED, "kept_elsewhere": True}, False, id="別に保管されていた毀損"),
    pytest.param(DAMAGE, {"damage": OCCURRED, "deleted_for_cause": True}, True, id="消去は毀損を除かない"),
    pytest.param(LEAK, {"leak": OCCURRED, "kept_elsewhere": True}, True, id="別の保管は漏えいを除かない"),
]


@pytest.mark.parametrize(("condition", "known", "holds"), OUT)
def test_what_takes_an_event_out_counts_only_once_it_is_established(
    condition: Condition, known: dict[str, object], *, holds: bool
) -> None:
    assert condition.holds(BreachFacts.model_validate(known)) is holds


ANY = [
    pytest.param({"damage": FEARED}, True, [], id="一つでもあれば足りる"),
    pytest.param({"leak": NONE, "loss": NONE, "damage": NONE}, False, [], id="三つともない"),
    pytest.param(
        {"leak": NONE, "loss": NONE}, None, ["毀損が発生し、又は発生したおそれがあるか"], id="残る一つだけが問われる"
    ),
]


@pytest.mark.parametrize(("known", "holds", "questions"), ANY)
def test_any_of_the_three_is_harm_and_what_is_asked_is_what_is_open(
    known: dict[str, object], *, holds: bool | None, questions: list[str]
) -> None:
    given = BreachFacts.model_validate(known)
    assert HARM.holds(given) is holds
    assert list(HARM.open_questions(given)) == questions


COUNTS = [
    pytest.param(None, None, None, id="どちらも不明"),
    pytest.param(100, None, None, id="判明100人・最大は不明"),
    pytest.param(101, None, True, id="判明101人・最大は不明"),
    pytest.param(None, 100, False, id="最大100人"),
    pytest.param(None, 101, True, id="最大101人"),
    pytest.param(3, 100, False, id="判明3人・最大100人"),
    pytest.param(3, 101, True, id="判明3人・最大101人"),
    pytest.param(101, 100, True, id="判明の方が多い"),
]


@pytest.mark.parametrize(("confirmed", "at_most", "holds"), COUNTS)
def test_a_hundred_persons_are_not_more_than_a_hundred(
    confirmed: int | None, at_most: int | None, *, holds: bool | None
) -> None:
    condition = more_persons_than(100)
    given = BreachFacts(persons_confirmed=confirmed, persons_at_most=at_most)
    assert condition.holds(given) is holds
    assert str(condition).endswith("（101人以上なら当たり、100人以下なら当たりません）")
    assert (condition.open_questions(given) == (str(condition),)) is (holds is None)


FILES = [
    pytest.param(None, None, None, None, id="何も分からない"),
    pytest.param(None, True, True, True, id="ファイルにあれば特定個人情報である"),
    pytest.param(None, False, False, None, id="ファイルにない"),
    pytest.param(True, None, None, True, id="特定個人情報である"),
    pytest.param(False, None, False, False, id="特定個人情報でない"),
    pytest.param(True, False, False, True, id="特定個人情報だがファイルにない"),
    pytest.param(False, True, True, True, id="食い違うときは安全側"),
]


@pytest.mark.parametrize(("specific", "in_file", "of_the_file", "of_a_number"), FILES)
def test_what_is_in_a_file_holds_a_number(
    *, specific: bool | None, in_file: bool | None, of_the_file: bool | None, of_a_number: bool | None
) -> None:
    given = BreachFacts(specific=specific, in_file=in_file)
    assert IN_FILE.holds(given) is of_the_file
    assert IS_SPECIFIC.holds(given) is of_a_number
