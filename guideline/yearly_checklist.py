"""年次の確認項目 (yearly checklist): what of a published assessment is held against reality once a year."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from schemas.checklists import ChecklistRow, Mark
from schemas.forms.catalogue import sections
from schemas.forms.places import written_risk_measures
from schemas.review import BY_THE_CALENDAR, GroundKind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from schemas.acts import SectionCheck
    from schemas.countermeasures import CountermeasureState
    from schemas.records import StoredDocument
    from schemas.review import ReviewState

LEGACY = ("Ⅰ 関連情報", "Ⅱ しきい値判断項目", "Ⅲ しきい値判断結果")
"""旧様式の区分: a 様式2 before 2019 has these three sections and states no risk measures (規則2条1号 of that time)."""


class Asked(NamedTuple):
    """確認項目 (what is asked): all items, and those of them that are written risk measures, as a person reads them."""

    items: tuple[str, ...]
    measures: tuple[str, ...]


def asked_of(documents: Iterable[StoredDocument]) -> Asked:
    """Give every section and every risk measure that the set states; of each measure its actual state is asked.

    Of a legacy document, whose content is not here, only the sections of its printed form are known.
    """
    items: list[str] = []
    measures: list[str] = []
    for document in documents:
        if document.content is None:
            items += LEGACY
            continue
        written = [measure.label for measure in written_risk_measures(document.content)]
        items += [section.label for section in sections(document.form, document.form_version)]
        items += written
        measures += written
    return Asked(tuple(dict.fromkeys(items)), tuple(dict.fromkeys(measures)))


def is_asked_whole(review: ReviewState) -> bool:
    """Say whether a finding must carry the whole checklist: where the year is up, and nothing new was told of."""
    kinds = {ground.kind for ground in review.grounds}
    return GroundKind.YEARLY in kinds and kinds <= BY_THE_CALENDAR


def beside_the_last(
    asked: Sequence[str],
    *,
    last: Sequence[SectionCheck],
    changed: Collection[str],
    measures: Collection[str] = (),
    followed: Sequence[CountermeasureState] = (),
) -> tuple[ChecklistRow, ...]:
    """Put what is asked this year beside the last answers, and behind it what is asked no more.

    `changed` are the items whose text was changed by a version published since, as the table of changes names them;
    `followed` are the countermeasures that are not closed yet.
    """
    answers = {row.item: row for row in last}
    gone = dict.fromkeys(item for item in (*answers, *(one.item for one in followed)) if item not in asked)
    return tuple(
        ChecklistRow(
            item=item,
            mark=Mark.GONE if item in gone else _mark(item, answers, changed),
            last=answers.get(item),
            is_measure=item in measures,
            countermeasures=tuple(one for one in followed if one.item == item),
        )
        for item in (*asked, *gone)
    )


def _mark(item: str, answers: Collection[str], changed: Collection[str]) -> Mark:
    if item not in answers:
        return Mark.NEW
    return Mark.CHANGED if any(one.startswith(item) for one in changed) else Mark.SAME
