"""漏えい等報告書の案: it says what is known, says of the rest that it is unknown, and fits the form."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guideline.breach_document import draft_of
from guideline.breach_report import judge_breach
from guideline.form_rules import check
from schemas.breach import BreachAccount, BreachFacts, Happening, ReportItem, ReportKind, UnknownItem
from schemas.forms.validation import validate
from tests.guideline.breaches import ANY_FACTS, FEARED, NONE, OCCURRED, ON, REPORTED_ON, WHOLE, draft


@pytest.mark.parametrize("kind", ReportKind, ids=lambda kind: kind.label)
def test_where_all_is_known_the_draft_is_whole(kind: ReportKind) -> None:
    document = draft(kind=kind, previous_on=REPORTED_ON)
    assert validate(document) == ()
    assert check(document, on=ON) == ()
    assert document["cover"]["kind"] == kind
    assert document["cover"]["situations"] == ["breach-2-3"]
    assert document["overview"] == {"state": "known", "content": WHOLE.overview}
    assert document["data_subjects"] == {"state": "known", "confirmed_number": "3", "greatest_number": "11"}
    assert document["other"] == {"state": "stated", "content": WHOLE.other}


def test_what_is_not_known_is_said_to_be_unknown() -> None:
    document = draft(account=BreachAccount(), persons_confirmed=None, persons_at_most=None)
    assert validate(document) == ()
    assert check(document, on=ON) == ()
    unknown = [item for item in ReportItem if document[item]["state"] == "unknown"]
    assert unknown == [item for item in ReportItem if item is not ReportItem.OTHER]
    assert document["other"] == {"state": "nothing"}


def test_a_number_that_may_grow_is_partly_known() -> None:
    document = draft(persons_at_most=None)
    assert document["data_subjects"] == {"state": "partly", "confirmed_number": "3"}
    assert validate(document) == ()


def test_a_final_report_tells_why_something_is_unknown_and_that_it_follows() -> None:
    why = UnknownItem(item=ReportItem.CAUSE, reason="見本：調査中である。", follow_up="8月末に追完する。")
    account = WHOLE.model_copy(update={"cause": None, "unknown": (why,)})
    document = draft(kind=ReportKind.FINAL, account=account)
    assert document["cause"] == {
        "state": "unknown",
        "unknown_reason": "見本：調査中である。",
        "follow_up": "8月末に追完する。",
    }
    assert validate(document) == ()
    assert check(document, on=ON) == ()
    silent = draft(kind=ReportKind.FINAL, account=WHOLE.model_copy(update={"cause": None}))
    assert validate(silent) == ()
    assert [error.path for error in check(silent, on=ON)] == ["/cause/unknown_reason", "/cause/follow_up"]


HARMS = [
    pytest.param(NONE, None, {"state": "known", "presence": "none"}, [], id="ない"),
    pytest.param(NONE, "見本", {"state": "known", "presence": "none"}, [], id="ないときは内容を書かない"),
    pytest.param(FEARED, "見本", {"state": "known", "presence": "feared", "content": "見本"}, [], id="おそれ"),
    pytest.param(
        OCCURRED, None, {"state": "known", "presence": "occurred"}, ["/secondary_harm/content"], id="あるが内容がない"
    ),
]


@pytest.mark.parametrize(("happening", "detail", "part", "missing"), HARMS)
def test_a_secondary_harm_is_told_with_what_it_is(
    happening: Happening, detail: str | None, part: dict[str, str], missing: list[str]
) -> None:
    account = WHOLE.model_copy(update={"secondary_harm": happening, "secondary_harm_detail": detail})
    document = draft(account=account)
    assert document["secondary_harm"] == part
    assert [error.path for error in validate(document)] == missing


LACKING = [
    pytest.param({"body": None}, "/cover/body", id="機関の名称がない"),
    pytest.param({"known_on": None}, "/cover/known_on", id="知った日がない"),
]


@pytest.mark.parametrize(("changed", "path"), LACKING)
def test_where_the_facts_do_not_suffice_the_form_says_what_is_missing(changed: dict[str, Any], path: str) -> None:
    assert [error.path for error in validate(draft(**changed))] == [path]


def test_a_supplement_names_the_report_before_it() -> None:
    (error,) = validate(draft(kind=ReportKind.SUPPLEMENT))
    assert (error.path, error.rule) == ("/cover/previous_on", "required")
    assert error.message.startswith("追完である場合に必要な")


def test_an_item_named_twice_stands_once() -> None:
    document = draft(account=WHOLE.model_copy(update={"data_items": ("氏名", "住所", "氏名")}))
    assert document["data_items"]["entries"] == ["氏名", "住所"]


def test_the_kinds_and_items_are_named_in_japanese() -> None:
    assert [kind.label for kind in ReportKind] == ["速報", "確報", "追完"]
    assert [item.label for item in ReportItem][:3] == ["概要", "特定個人情報の項目", "特定個人情報に係る本人の数"]


@settings(deadline=None)  # the first of them reads the form
@given(ANY_FACTS, st.sampled_from([ReportKind.PRELIMINARY, ReportKind.FINAL]))
def test_whatever_is_known_the_draft_fits_the_form(known: BreachFacts, kind: ReportKind) -> None:
    told = known.model_copy(update={"body": "見本の機関", "known_on": ON})
    assert validate(draft_of(told, judge_breach(told, on=ON), kind=kind, on=REPORTED_ON)) == ()
