import re
from dataclasses import dataclass
from datetime import date

import pytest

from guideline import provisions
from guideline.provisions import (
    IMPROVEMENT_2,
    IMPROVEMENT_5,
    RULE_4_8_B,
    RULE_6_1_1,
    NotInForceError,
    all_provisions,
    cited,
    provision,
    rows_in_force,
)


@dataclass(frozen=True)
class _Row:
    in_force_on: date
    name: str


_ROWS = (
    _Row(date(2016, 1, 1), "旧・一"),
    _Row(date(2016, 1, 1), "旧・二"),
    _Row(date(2024, 10, 1), "新"),
)


def test_a_clause_is_found_by_its_id() -> None:
    assert provision("rule-4-8-b") is RULE_4_8_B
    assert (RULE_4_8_B.article, RULE_4_8_B.law) == ("規則第4条第8号ロ", "特定個人情報保護評価に関する規則")


def test_an_unknown_id_is_named() -> None:
    with pytest.raises(LookupError, match="rule-99"):
        provision("rule-99")


def test_each_clause_stands_once() -> None:
    known = all_provisions()
    constants = [one for one in vars(provisions).values() if isinstance(one, provisions.Provision)]
    assert len(known) == len(constants) == len({one.article for one in known})


@pytest.mark.parametrize("one", all_provisions(), ids=lambda one: one.article)
def test_a_clause_names_its_law_and_where_it_can_be_read(one: provisions.Provision) -> None:
    assert re.fullmatch(r"[a-z0-9-]+", one.id)
    assert one.law
    assert one in (IMPROVEMENT_2, IMPROVEMENT_5) or (one.address or "").startswith("https://")


def test_only_the_guideline_is_unconfirmed() -> None:
    assert {one.law for one in all_provisions() if not one.confirmed} == {"特定個人情報保護評価指針"}


def test_clauses_are_joined_as_in_a_sentence() -> None:
    assert cited([RULE_4_8_B, RULE_6_1_1]) == "規則第4条第8号ロ、規則第6条第1項第1号"


@pytest.mark.parametrize(
    ("on", "names"),
    [
        (date(2016, 1, 1), ["旧・一", "旧・二"]),
        (date(2024, 9, 30), ["旧・一", "旧・二"]),
        (date(2024, 10, 1), ["新"]),
        (date(2035, 4, 1), ["新"]),
    ],
    ids=["最初の日", "改正の前日", "改正の日", "その後"],
)
def test_the_rows_of_the_latest_day_hold(on: date, names: list[str]) -> None:
    assert [row.name for row in rows_in_force(_ROWS, on=on, rule="見本")] == names


def test_before_the_first_row_nothing_is_known() -> None:
    with pytest.raises(
        NotInForceError, match="2015-12-31に適用される「見本」の定めは登録されていません。2016-01-01以後"
    ):
        rows_in_force(_ROWS, on=date(2015, 12, 31), rule="見本")
