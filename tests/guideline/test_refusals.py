"""受け付けない理由 (refusals): each says which act, in which stage, by which rule, and who may do what instead."""

from __future__ import annotations

import ast
from itertools import product
from pathlib import Path

import pytest

from guideline.decisions import take
from guideline.refusal_texts import REVIEW_REASONS
from guideline.refusal_texts_of_audits import AUDIT_REASONS
from guideline.refusal_texts_of_duties import DUTY_REASONS
from guideline.refusal_texts_of_events import EVENT_REASONS
from guideline.refusal_texts_of_measures import MEASURE_REASONS
from guideline.refusal_texts_of_procedure import PROCEDURE_REASONS
from guideline.refusal_texts_of_signatures import SIGNATURE_REASONS
from guideline.refusals import REASONS, RefusedError, refuse
from guideline.turns import may_do_instead
from schemas.acts import ActKind
from schemas.organisation import Role
from schemas.review import Stage
from tests.guideline.reviews import AT, act_of, actor, closed, differing, in_approval, opened, ready

ROOT = Path(__file__).parents[2]


def raised_codes() -> set[str]:
    """Give every code that the program raises, as its source says."""
    found = set()
    for package in ("guideline", "client", "workflows"):
        for file in (ROOT / package).glob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "refuse":
                    first = node.args[0]
                    if isinstance(first, ast.Constant):
                        found.add(str(first.value))
    return found | {"gate_reason", "gate_emergency", "gate_never"}  # built from the rule's exception


def test_every_reason_is_used_and_every_code_has_its_reason() -> None:
    assert raised_codes() == set(REASONS)


def test_no_code_has_two_reasons() -> None:
    rooms = (
        REVIEW_REASONS,
        PROCEDURE_REASONS,
        MEASURE_REASONS,
        EVENT_REASONS,
        AUDIT_REASONS,
        DUTY_REASONS,
        SIGNATURE_REASONS,
    )
    assert len(REASONS) == sum(len(room) for room in rooms)


@pytest.mark.parametrize("code", REASONS)
def test_every_reason_names_place_remedy_and_rule(code: str) -> None:
    reason = REASONS[code]
    assert all((reason.where, reason.message, reason.remedy, reason.provision))


def test_every_refusal_of_the_table_names_the_act_the_stage_and_what_may_be_done_instead() -> None:
    refusals = []
    for stage, kind, role in product(Stage, ActKind, Role):
        review = ready(stage, kind)
        try:
            take(review, act_of(kind, actor(role), review=review), at=AT)
        except RefusedError as refused:
            refusals.append((refused.refusal, kind, review))
    assert len(refusals) > 300
    for refusal, kind, review in refusals:
        assert (refusal.act, refusal.stage) == (kind.label, review.stage.label)
        assert refusal.instead == may_do_instead(review) != ()


WHO_MAY = [
    pytest.param(opened, ("対策チーム: 受領確認", "担当部署・対策チーム: 検討結果"), id="検討"),
    pytest.param(differing, ("総括保護管理者: 総括保護管理者の決定",), id="結論が異なる"),
    pytest.param(in_approval, ("担当部署・対策チーム: 承認",), id="承認"),
    pytest.param(closed, ("職員: 新しい報告",), id="終了"),
]


@pytest.mark.parametrize(("make", "says"), WHO_MAY)
def test_who_may_do_what_instead(make: object, says: tuple[str, ...]) -> None:
    assert callable(make)
    assert may_do_instead(make()) == says


def test_an_unknown_code_is_a_bug() -> None:
    with pytest.raises(KeyError):
        refuse("no_such_code")
