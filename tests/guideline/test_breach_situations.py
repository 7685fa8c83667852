"""報告を要する事態: limb by limb, both sides of each."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from guideline.breach_report import SituationState
from guideline.breach_situations import (
    EXEMPTIONS,
    SITUATIONS,
    BreachLaw,
    ExemptionScope,
    exemptions,
    situations,
)
from guideline.provisions import NotInForceError
from schemas.forms.catalogue import items
from tests.guideline.breaches import CONTRACTOR, FEARED, NONE, OCCURRED, ON, OTHER, PUBLIC, judged, met

IMPROPER: dict[str, Any] = {"improper_purpose": FEARED, "leak": OCCURRED}

MET = [
    pytest.param("breach-2-1-a", {"network_system": True, "leak": OCCURRED}, id="1号イ 情報提供ネットワークシステム"),
    pytest.param("breach-2-1-b", {"number_use_system": True, "loss": FEARED}, id="1号ロ 個人番号利用事務のシステム"),
    pytest.param("breach-2-1-c", {"number_related_system": True, "damage": OCCURRED}, id="1号ハ 行政機関等"),
    pytest.param(
        "breach-2-1-c",
        {"number_related_system": True, "damage": OCCURRED, "holder": CONTRACTOR},
        id="1号ハ 行政機関等の委託を受けた者",
    ),
    pytest.param("breach-2-2-a", IMPROPER, id="2号イ 不正の目的のおそれ"),
    pytest.param("breach-2-2-b", {"improper_use": FEARED}, id="2号ロ 利用のおそれ"),
    pytest.param("breach-2-2-c", {"improper_provision": OCCURRED}, id="2号ハ 提供"),
    pytest.param("breach-2-3", {"seen_by_many": FEARED}, id="3号 閲覧のおそれ"),
    pytest.param("breach-2-4-a", {"leak": FEARED, "persons_at_most": 101}, id="4号イ 101人"),
    pytest.param("breach-2-4-b", {"unlawful_use": OCCURRED, "persons_at_most": 101}, id="4号ロ 101人"),
    pytest.param("breach-2-4-c", {"unlawful_provision": FEARED, "persons_at_most": 101}, id="4号ハ 101人"),
    pytest.param("privacy-sensitive", {"leak": OCCURRED, "sensitive": True}, id="個情法 要配慮個人情報"),
    pytest.param("privacy-financial", {"leak": OCCURRED, "financial_harm": True}, id="個情法 財産的被害のおそれ"),
    pytest.param("privacy-improper", IMPROPER, id="個情法 不正の目的"),
    pytest.param("privacy-hundred", {"damage": OCCURRED, "persons_at_most": 101}, id="個情法 101人"),
    pytest.param("privacy-ordinance", {"leak": FEARED, "ordinance_sensitive": True}, id="個情法 条例要配慮個人情報"),
    pytest.param("guideline-incident", {"leak": OCCURRED}, id="ガイドライン 1人の漏えい"),
    pytest.param("guideline-incident", {"other_violation": FEARED}, id="ガイドライン その他の番号法違反のおそれ"),
]


@pytest.mark.parametrize(("situation", "changed"), MET)
def test_a_situation_is_met_when_all_that_it_asks_for_is_there(situation: str, changed: dict[str, Any]) -> None:
    assert situation in met(judged(**changed))


NOT_MET = [
    pytest.param("breach-2-1-a", {"network_system": True, "leak": NONE}, id="1号イ 漏えい等がない"),
    pytest.param("breach-2-1-b", {"leak": OCCURRED}, id="1号ロ システムにない（紙など）"),
    pytest.param(
        "breach-2-1-c", {"number_related_system": True, "leak": OCCURRED, "holder": OTHER}, id="1号ハ 民間の実施者"
    ),
    pytest.param("breach-2-2-a", {"improper_purpose": FEARED}, id="2号イ 漏えい等がない"),
    pytest.param("breach-2-2-b", {"unlawful_use": OCCURRED}, id="2号ロ 不正の目的でない利用"),
    pytest.param("breach-2-3", {"leak": OCCURRED}, id="3号 閲覧されない"),
    pytest.param("breach-2-4-a", {"leak": OCCURRED, "persons_at_most": 100}, id="4号イ 100人"),
    pytest.param("breach-2-4-b", {"unlawful_use": OCCURRED, "persons_at_most": 100}, id="4号ロ 100人"),
    pytest.param("breach-2-4-c", {"unlawful_provision": OCCURRED, "persons_at_most": 100}, id="4号ハ 100人"),
    pytest.param("breach-2-1-b", {"number_use_system": True, "leak": OCCURRED, "in_file": False}, id="ファイルにない"),
    pytest.param("breach-2-3", {"seen_by_many": OCCURRED, "specific": False, "in_file": None}, id="特定個人情報でない"),
    pytest.param("privacy-hundred", {"leak": OCCURRED, "persons_at_most": 100}, id="個情法 100人"),
    pytest.param(
        "privacy-sensitive", {"leak": OCCURRED, "sensitive": True, "retained": False}, id="保有個人情報でない"
    ),
    pytest.param("privacy-sensitive", {"leak": OCCURRED, "sensitive": True, "holder": CONTRACTOR}, id="個情法 委託先"),
    pytest.param("guideline-incident", {"leak": OCCURRED, "holder": OTHER}, id="ガイドライン 民間の実施者"),
    pytest.param("guideline-incident", {"leak": NONE}, id="ガイドライン 何も起きていない"),
]


@pytest.mark.parametrize(("situation", "changed"), NOT_MET)
def test_a_situation_is_not_met_when_one_of_it_is_missing(situation: str, changed: dict[str, Any]) -> None:
    assert situation not in met(judged(**changed))


UNDECIDED = [
    pytest.param(
        "breach-2-1-b", {"leak": OCCURRED, "number_use_system": None}, "情報システムで管理", id="システムが不明"
    ),
    pytest.param(
        "breach-2-1-c",
        {"leak": OCCURRED, "number_related_system": True, "holder": None},
        "取り扱っていたのは",
        id="者が不明",
    ),
    pytest.param("breach-2-2-a", {"leak": OCCURRED, "improper_purpose": None}, "不正の目的", id="不正の目的が不明"),
    pytest.param("breach-2-4-a", {"leak": OCCURRED, "persons_at_most": None}, "101人以上なら", id="本人の数が不明"),
    pytest.param("breach-2-3", {"seen_by_many": FEARED, "in_file": None}, "ファイルに記録", id="ファイルかが不明"),
]


@pytest.mark.parametrize(("situation", "changed", "asked"), UNDECIDED)
def test_what_is_not_known_leaves_it_undecided_and_asks_what_decides(
    situation: str, changed: dict[str, Any], asked: str
) -> None:
    judgement = judged(**changed)
    found = next(one for one in judgement.findings if one.row.id == situation)
    assert found.state is SituationState.UNDECIDED
    assert len(found.questions) == 1
    assert asked in found.questions[0]
    assert found.questions[0] in judgement.questions
    assert any(found.questions[0] in reason and found.row.name in reason for reason in judgement.reasons)


EXEMPTED = [
    pytest.param(
        "breach-2-4-a",
        {"leak": OCCURRED, "persons_at_most": 101, "encrypted": True},
        "number-act-encrypted",
        id="高度な暗号化",
    ),
    pytest.param(
        "breach-2-3", {"seen_by_many": OCCURRED, "encrypted": True}, "number-act-encrypted", id="3号にも及ぶ暗号化"
    ),
    pytest.param(
        "breach-2-4-a",
        {"leak": None, "persons_at_most": 101, "encrypted": True},
        "number-act-encrypted",
        id="漏えいか不明でも暗号化",
    ),
    pytest.param(
        "breach-2-1-b",
        {"number_use_system": True, "leak": OCCURRED, "recovered_unseen": True},
        "number-act-recovered-unseen",
        id="閲覧前の回収",
    ),
    pytest.param(
        "breach-2-1-b",
        {"number_use_system": True, "loss": OCCURRED, "kept_elsewhere": True},
        "number-act-kept-elsewhere",
        id="別の保管",
    ),
    pytest.param(
        "breach-2-1-b",
        {"number_use_system": True, "loss": FEARED, "deleted_for_cause": True},
        "number-act-deleted-for-cause",
        id="合理的な消去",
    ),
    pytest.param(
        "privacy-sensitive",
        {"sensitive": True, "leak": OCCURRED, "encrypted": True},
        "privacy-act-encrypted",
        id="個情法 暗号化",
    ),
    pytest.param(
        "guideline-incident", {"leak": OCCURRED, "encrypted": True}, "guideline-encrypted", id="ガイドライン 暗号化"
    ),
]


@pytest.mark.parametrize(("situation", "changed", "by"), EXEMPTED)
def test_what_is_taken_out_says_by_what(situation: str, changed: dict[str, Any], by: str) -> None:
    judgement = judged(**changed)
    found = next(one for one in judgement.findings if one.row.id == situation)
    assert found.state is SituationState.EXEMPTED
    assert [one.id for one in found.exemptions] == [by]
    assert any(f"{found.row.name}から除かれます: {found.exemptions[0].sentence}" in one for one in judgement.reasons)


def test_a_part_that_is_not_taken_out_still_counts() -> None:
    assert "breach-2-1-b" in met(judged(number_use_system=True, leak=OCCURRED, loss=OCCURRED, kept_elsewhere=True))


def test_while_the_rest_is_open_a_fear_that_is_partly_taken_out_stays_a_fear() -> None:
    judgement = judged(number_use_system=True, leak=OCCURRED, recovered_unseen=True, loss=None)
    found = next(one for one in judgement.findings if one.row.id == "breach-2-1-b")
    assert found.state is SituationState.MET
    assert found.questions == ("滅失が発生し、又は発生したおそれがあるか",)
    assert any(
        "それまでは、漏えい等報告規則第2条第1号ロに当たるおそれがあるものとして扱います。" in reason
        for reason in judgement.reasons
    )


def test_what_did_not_happen_is_not_taken_out_by_anything() -> None:
    assert judged(encrypted=True, recovered_unseen=True).of(SituationState.EXEMPTED) == ()


@pytest.mark.parametrize(
    ("on", "confirmed"),
    [(date(2025, 9, 30), False), (date(2025, 10, 1), True)],
    ids=["読んでいない定めの最後の日", "読んだ定めの初日"],
)
def test_the_text_that_was_read_holds_from_its_day(on: date, *, confirmed: bool) -> None:
    assert {row.confirmed for row in situations(on=on)} == {confirmed}
    assert judged(on=on).confirmed is confirmed


def test_before_the_duty_nothing_is_known() -> None:
    first = date(2022, 4, 1)
    assert situations(on=first)
    for law in BreachLaw:
        assert exemptions(on=first, law=law)
        with pytest.raises(NotInForceError, match="報告を要しない場合"):
            exemptions(on=first - timedelta(days=1), law=law)
    with pytest.raises(NotInForceError, match="報告を要する事態"):
        situations(on=first - timedelta(days=1))


def test_only_the_limbs_of_the_improper_purpose_are_improper() -> None:
    assert [row.id for row in situations(on=ON) if row.improper] == [
        "breach-2-2-a",
        "breach-2-2-b",
        "breach-2-2-c",
        "privacy-improper",
    ]


def test_what_holds_of_the_general_law_alone_is_not_confirmed() -> None:
    of_privacy_act = exemptions(on=ON, law=BreachLaw.PRIVACY_ACT)
    assert not any(row.confirmed for row in of_privacy_act)
    assert all(row.confirmed for row in exemptions(on=ON, law=BreachLaw.NUMBER_ACT))
    assert ExemptionScope.DUTY not in {row.scope for row in of_privacy_act}  # 68条 releases no contractor


def test_each_row_is_of_its_own_and_the_form_offers_all_of_them() -> None:
    for table in (SITUATIONS, EXEMPTIONS):
        keys = [(row.in_force_on, row.id) for row in table]
        assert len(set(keys)) == len(keys)
    offered = next(item for item in items("breach_report", "2025-10") if item.path == "/cover/situations").choices
    assert list(offered) == [row.id for row in situations(on=ON)]
    for row in situations(on=ON):
        assert row.name.partition("（")[0] in offered[row.id]


def test_each_law_and_scope_is_named_in_japanese() -> None:
    assert [law.label for law in BreachLaw] == ["番号法第29条の4", "個情法第68条", "特定個人情報ガイドライン"]
    assert [scope.label for scope in ExemptionScope] == ["情報", "漏えい等に当たるか", "報告の義務"]
    assert {one.value for one in (PUBLIC, CONTRACTOR, OTHER)} == {"public_body", "contractor_of_public_body", "other"}
