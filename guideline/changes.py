"""変更箇所 (table of changes): what differs between two documents, item by item, and the rows that are published.

The items and their words come from the form alone. The columns are those of the 別添 of 様式2-4.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

from schemas.changes import ChangeRow, Timing
from schemas.courses import Course
from schemas.forms.catalogue import UnknownFormError
from schemas.forms.places import Place, places
from schemas.forms.wording import wording

OLD_FORM = "（旧様式の評価書に記載）"
"""What stands as the former wording where the former document is not on the same form."""

TIMING_PROVISION = "規則第14条第1項・第2項（第3項において準用する場合を含む。）"
"""根拠 (provision) of the submission timing."""

_NOT_COMPARED = frozenset({"/cover/published_on", "/changes"})  # they differ in every version and tell of no change

_LONGEST_LABEL = 200  # characters of the column 項目

_SAYS_NOTHING: tuple[object, ...] = (None, "", [])

_DEFAULT_EXPLANATIONS = MappingProxyType(
    {
        (
            Course.AMEND,
            Timing.ADVANCE,
        ): "重要な変更に当たらない記載の修正を、変更の前に提出・公表する（規則第14条第1項・第3項）。",
        (Course.AMEND, Timing.AFTERWARDS): "重要な変更に当たらない記載の修正であるため（規則第14条第1項・第3項）。",
        (
            Course.REASSESS,
            Timing.ADVANCE,
        ): "変更の前に再実施し、提出・公表する（番号法第28条第1項、規則第5条第1項・第6条第1項・第7条第1項）。",
        (
            Course.REASSESS,
            Timing.AFTERWARDS,
        ): "再実施に併せて記載を改めたもの。変更の前の公表ではない（規則第9条、第15条）。",
    }
)
"""提出時期に係る説明: what stands where the drafter gave none."""


@dataclass(frozen=True)
class ChangedItem:
    """変わった項目 (changed item): number, title and place, with the wording before and after.

    `material` says whether the 別表 names the item: its change is a 重要な変更 unless an exception is found.
    `item_path` is that of the item in the form, the same for each entry. `changed` is False where everything is asked
    for and the item stayed as it was: two marks of what is withheld do not tell.
    """

    number: str
    title: str
    label: str
    path: str
    before: str
    after: str
    material: bool
    item_path: str = ""
    changed: bool = True


def table_of_changes(
    before: Mapping[str, object] | None, after: Mapping[str, object], *, everything: bool = False
) -> tuple[ChangedItem, ...]:
    """Compare two documents in the order of the form of `after`, but for the day of publication and the table itself.

    Where both are on versions of the same form, items are the same that stand at the same place, whatever their
    number, and entries of a repeated part are the same that have the same name; what only `before` has comes last.
    Where `before` is None or on another form, nothing can be compared: every item that `after` fills in is one row
    whose former wording is `OLD_FORM`. With `everything` the items that stayed as they were are given too, in their
    places. Incomplete drafts are compared as they stand. Raises UnknownFormError if the form of `after` is not known.
    """
    here = _compared(after, like=before)
    earlier = {place.key: place for place in _earlier(before, after)}
    if before is None or not earlier:
        return tuple(_changed(place, OLD_FORM, place.value) for place in here if place.value not in _SAYS_NOTHING)
    known = {place.key for place in here}
    gone = [(place, place, None) for key, place in earlier.items() if key not in known]
    pairs = [*((place, earlier.get(place.key), place.value) for place in here), *gone]
    rows = ((place, was, now, _differ(was.value if was else None, now)) for place, was, now in pairs)
    return tuple(
        replace(_changed(place, _worded(was) if was else wording(place.item, None), now), changed=differs)
        for place, was, now, differs in rows
        if everything or differs
    )


def _compared(document: Mapping[str, object], *, like: Mapping[str, object] | None = None) -> tuple[Place, ...]:
    return tuple(place for place in places(document, like=like) if place.item.path not in _NOT_COMPARED)


def _earlier(before: Mapping[str, object] | None, after: Mapping[str, object]) -> tuple[Place, ...]:
    """Give the places of the earlier document; none where it is on another form, or on a version not known here."""
    if before is None or before.get("form") != after.get("form"):
        return ()
    try:
        return _compared(before)
    except UnknownFormError:
        return ()


def _differ(was: object, now: object) -> bool:
    return was != now and not (was in _SAYS_NOTHING and now in _SAYS_NOTHING)


def _worded(place: Place) -> str:
    return wording(place.item, place.value)


def _changed(place: Place, before: str, now: object) -> ChangedItem:
    return ChangedItem(
        number=place.item.number,
        title=place.item.title,
        label=place.label,
        path=place.pointer,
        before=before,
        after=wording(place.item, now),
        material=place.item.material_change,
        item_path=place.item.path,
    )


def submission_timing(*, published_on: date, takes_effect_on: date | None) -> Timing:
    """Give 事前 if the assessment is published before the day the change takes effect, else 事後 (`TIMING_PROVISION`).

    On that very day it is 事後; and so it is when that day is not known.
    """
    in_advance = takes_effect_on is not None and published_on < takes_effect_on
    return Timing.ADVANCE if in_advance else Timing.AFTERWARDS


def complete_table(  # noqa: PLR0913 # what the columns need, and the course
    changed: Iterable[ChangedItem],
    *,
    changed_on: date,
    takes_effect_on: date | None,
    published_on: date,
    explanations: Mapping[str, str],
    course: Course = Course.AMEND,
) -> tuple[ChangeRow, ...]:
    """Complete the rows of a document with the day of the change, the timing and its explanation.

    Explanations are found by the path, the label or the number of an item, in that order. An item without one gets
    the reason that holds for its course: of a 修正 that it is no 重要な変更 (規則第14条第1項・第3項), of a
    再実施 that it comes before the change, or why it does not.
    """
    default = Course.REASSESS if course is Course.REASSESS else Course.AMEND
    timing = submission_timing(published_on=published_on, takes_effect_on=takes_effect_on)
    return tuple(
        ChangeRow(
            changed_on=changed_on,
            item=item.label[:_LONGEST_LABEL],
            before=item.before,
            after=item.after,
            submission_timing=timing,
            explanation=_explanation(item, explanations) or _DEFAULT_EXPLANATIONS[default, timing],
        )
        for item in changed
    )


def _explanation(item: ChangedItem, explanations: Mapping[str, str]) -> str | None:
    return next((explanations[key] for key in (item.path, item.label, item.number) if key in explanations), None)
