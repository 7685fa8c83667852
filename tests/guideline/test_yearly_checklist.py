"""年次の確認表: beside the last answers, what is new, changed, the same or gone."""

from __future__ import annotations

from guideline.yearly_checklist import beside_the_last
from schemas.acts import SectionCheck
from schemas.checklists import Mark
from tests.guideline.test_countermeasures import state


def check(item: str) -> SectionCheck:
    return SectionCheck(item=item, agrees=True, state=f"{item}の実態")


def test_each_item_is_marked_against_the_last_answers() -> None:
    rows = beside_the_last(
        ("Ⅰ 関連情報", "Ⅳ3 使用", "Ⅳ8 人手を介在させる作業"),
        last=(check("Ⅰ 関連情報"), check("Ⅳ3 使用"), check("Ⅳ4 委託")),
        changed={"Ⅳ3 使用（判断の根拠）"},
    )
    assert [(row.item, row.mark) for row in rows] == [
        ("Ⅰ 関連情報", Mark.SAME),
        ("Ⅳ3 使用", Mark.CHANGED),
        ("Ⅳ8 人手を介在させる作業", Mark.NEW),
        ("Ⅳ4 委託", Mark.GONE),
    ]
    assert [row.last and row.last.state for row in rows][2:] == [None, "Ⅳ4 委託の実態"]


def test_a_countermeasure_stands_beside_its_item_also_when_that_is_gone() -> None:
    followed = (state(), state(item="Ⅳ4 委託", countermeasure_id="digital-agency-1/1/2"))
    rows = beside_the_last(
        ("Ⅰ 関連情報", "Ⅳ8 人手を介在させる作業"),
        last=(),
        changed=(),
        measures=("Ⅳ8 人手を介在させる作業",),
        followed=followed,
    )
    assert [(row.item, row.mark, row.is_measure, row.countermeasures) for row in rows] == [
        ("Ⅰ 関連情報", Mark.NEW, False, ()),
        ("Ⅳ8 人手を介在させる作業", Mark.NEW, True, followed[:1]),
        ("Ⅳ4 委託", Mark.GONE, False, followed[1:]),
    ]


def test_each_mark_has_its_word() -> None:
    assert len({mark.label for mark in Mark}) == len(Mark)
