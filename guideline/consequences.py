"""変更の帰結 (consequences): what follows from a report, or from the difference of two documents, with every reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from guideline.changes import ChangedItem, table_of_changes
from guideline.document_sets import FORMS, level_of_forms
from guideline.level_change import LevelChange, StatedNumbers, level_change
from guideline.material_change import (
    EXCEPTION,
    EXCEPTION_PROVISION,
    MaterialItem,
    larger_form,
    material_by_difference,
    material_by_report,
)
from guideline.provisions import LAW_28_1, RULE_5_1, Provision, cited
from guideline.serious_incident import seriousness
from guideline.triggers import (
    EMERGENCY_PROVISION,
    EMERGENCY_REASON,
    EXAMINATION_DAYS,
    Timing,
    Trigger,
    TriggerRow,
    due_by,
    trigger_row,
)
from schemas.courses import Course
from schemas.levels import Level
from schemas.reports import AnyReport, ChangeKind, ChangeReport, EndOfBusiness, NewBusiness, RiskEvent

_ONLY_TO_BE_EXAMINED = frozenset(
    {ChangeKind.ENVIRONMENT, ChangeKind.LAW_OR_GUIDELINE, ChangeKind.SYSTEM, ChangeKind.AUDIT_FINDING}
)
"""Kinds that name no item of the form: whether the text changes is what the two examine."""


@dataclass(frozen=True, slots=True)
class Consequence:
    """変更の帰結 (consequence): whether it is material and where, what follows, by when, and why.

    `minimum` is what the present review asks for at least; it is less than `follows` where a rise of level needs first
    the 修正 and then, after its publication, the larger form.
    """

    material: bool
    items: tuple[MaterialItem, ...]
    follows: Course
    minimum: Course
    by: date | None
    reasons: tuple[str, ...]
    provisions: tuple[Provision, ...]
    confirmed: bool


def consequence_of_report(
    report: AnyReport, *, level: Level, on: date, stated: StatedNumbers | None = None
) -> Consequence:
    """Say what follows from a report about an assessment of that level (規則5条-8条, 14条-16条).

    `stated` is what its 様式2 says of the numbers, where that is known. `on` is the day on which the rules are asked.
    Raises NotInForceError for a day before the first rules.
    """
    if isinstance(report, RiskEvent):
        return _of_event(report, on=on, stated=stated)
    if isinstance(report, NewBusiness):
        return _of_new_business(report)
    if isinstance(report, EndOfBusiness):
        row = trigger_row(Trigger.END_OF_BUSINESS, on=on)
        return _by(row, on=report.known_on, takes_effect_on=report.ended_on)
    return _of_change(report, level=level, on=on, stated=stated)


def _of_new_business(report: NewBusiness) -> Consequence:
    why = "新たに特定個人情報ファイルを保有する事務であり、保有する前に評価を実施します"
    return Consequence(
        material=False,
        items=(),
        follows=Course.REASSESS,
        minimum=Course.REASSESS,
        by=report.takes_effect_on,
        reasons=(f"{why}（{cited((RULE_5_1, LAW_28_1))}）。",),
        provisions=(RULE_5_1, LAW_28_1),
        confirmed=True,
    )


def consequence_of_difference(
    before: Mapping[str, object], after: Mapping[str, object], *, on: date, takes_effect_on: date | None = None
) -> Consequence:
    """Say what follows from the difference of two documents on the same form, were both to be published.

    Raises UnknownFormError where the form of `after` is not known, NotInForceError as above.
    """
    form = str(after.get("form"))
    changed = table_of_changes(before, after)
    material = material_by_difference(changed, form=form, on=on)
    level = level_of_forms((form,))
    if material:
        return _material(material, on=on, takes_effect_on=takes_effect_on)
    if changed:
        row = trigger_row(Trigger.OTHER_CHANGE, on=on)
        why = f"変わった項目（{_named(changed)}）に、別表の項目はありません。"
        return _by(row, on=on, takes_effect_on=takes_effect_on, why=(*_without_material(level), why))
    row = trigger_row(Trigger.YEARLY, on=on)
    return _by(row, on=on, takes_effect_on=None, why=("二つの文書の記載に違いはありません。",))


_MOST_NAMED = 10


def _named(changed: tuple[ChangedItem, ...]) -> str:
    more = f"ほか{len(changed) - _MOST_NAMED}件" if len(changed) > _MOST_NAMED else ""
    return "、".join([*(one.label for one in changed[:_MOST_NAMED]), *([more] if more else [])])


def _of_change(report: ChangeReport, *, level: Level, on: date, stated: StatedNumbers | None) -> Consequence:
    takes_effect_on = report.takes_effect_on
    numbers = _of_numbers(report, on=on, stated=stated)
    if numbers is not None:
        return numbers
    material = material_by_report(report, level=level, on=on)
    if material:
        return _material(material, on=report.known_on, takes_effect_on=takes_effect_on, emergency=report.emergency)
    if report.kind is ChangeKind.FORM_AMENDED and not report.items:
        return _by(trigger_row(Trigger.FORM_AMENDED, on=on), on=report.known_on, takes_effect_on=takes_effect_on)
    if report.kind in _ONLY_TO_BE_EXAMINED and not report.items:
        return _examined(f"「{report.kind.label}」は、記載事項の変更の有無を両者が検討します。", report.known_on, on=on)
    what = "・".join(report.items) or report.kind.label
    row = trigger_row(Trigger.OTHER_CHANGE, on=on)
    formal = (_formal(),) if report.kind is ChangeKind.FORMAL_CORRECTION and larger_form(level) else ()
    why = (f"評価書に記載した事項「{what}」に変更があります。", *_without_material(level), *formal)
    return _by(row, on=report.known_on, takes_effect_on=takes_effect_on, why=why)


def _formal() -> str:
    return f"形式的な修正として報告されています。{EXCEPTION}（{EXCEPTION_PROVISION.article}、要確認）。"


def _of_numbers(report: ChangeReport, *, on: date, stated: StatedNumbers | None) -> Consequence | None:
    """Say what new numbers lead to; None where the report names none, or what was stated is not known."""
    if stated is None or (report.data_subjects is None and report.handlers is None):
        return None
    change = level_change(stated, on=on, data_subjects=report.data_subjects, handlers=report.handlers)
    return _of_level(change, on=report.known_on, takes_effect_on=report.takes_effect_on)


def _of_level(change: LevelChange, *, on: date, takes_effect_on: date | None) -> Consequence:
    row = trigger_row(change.trigger or Trigger.OTHER_CHANGE, on=on)
    answer = _by(row, on=on, takes_effect_on=takes_effect_on, why=change.reasons)
    return Consequence(
        material=False,
        items=(),
        follows=row.course,
        minimum=Course.AMEND,
        by=answer.by,
        reasons=answer.reasons,
        provisions=tuple(dict.fromkeys((*answer.provisions, *change.provisions))),
        confirmed=answer.confirmed and change.confirmed,
    )


def _of_event(event: RiskEvent, *, on: date, stated: StatedNumbers | None) -> Consequence:
    found = seriousness(event, on=on)
    if not found.serious:
        why = (*found.reasons, "修正の要否を両者が検討します。")
        return _examined(" ".join(why), event.known_on, on=on, provisions=found.provisions, confirmed=found.confirmed)
    change = level_change(stated, on=on, serious_incident=True) if stated else None
    row = trigger_row(Trigger.OTHER_CHANGE, on=on)
    amended = (
        _of_level(change, on=event.known_on, takes_effect_on=None)
        if change is not None and change.rises
        else _by(row, on=event.known_on, takes_effect_on=None)
    )
    return Consequence(
        material=False,
        items=(),
        follows=amended.follows,
        minimum=Course.AMEND,
        by=amended.by,
        reasons=(*found.reasons, *amended.reasons),
        provisions=tuple(dict.fromkeys((*found.provisions, *amended.provisions))),
        confirmed=False,
    )


def _material(
    items: tuple[MaterialItem, ...], *, on: date, takes_effect_on: date | None, emergency: str | None = None
) -> Consequence:
    row = trigger_row(Trigger.MATERIAL_CHANGE, on=on)
    named = "、".join(f"{one.form} {one.item}" for one in items[:_MOST_NAMED])
    of_the_emergency = (f"{EMERGENCY_REASON}（{EMERGENCY_PROVISION.article}）。",) if emergency else ()
    return Consequence(
        material=True,
        items=items,
        follows=Course.REASSESS,
        minimum=Course.REASSESS,
        by=due_by(row, on=on, takes_effect_on=takes_effect_on, emergency=emergency is not None),
        reasons=(
            f"別表の項目が変わります: {named}。",
            *_sentence(row),
            *of_the_emergency,
            f"{EXCEPTION}（{EXCEPTION_PROVISION.article}、要確認）。",
            *(("変更が生じる日が未定のため、期限を示せません。",) if takes_effect_on is None and not emergency else ()),
        ),
        provisions=tuple(
            dict.fromkeys(
                (*(clause for one in items for clause in one.provisions), *row.provisions, EXCEPTION_PROVISION)
            )
        ),
        confirmed=row.confirmed and all(one.confirmed for one in items),
    )


def _by(row: TriggerRow, *, on: date, takes_effect_on: date | None, why: tuple[str, ...] = ()) -> Consequence:
    by = due_by(row, on=on, takes_effect_on=takes_effect_on)
    return Consequence(
        material=False,
        items=(),
        follows=row.course,
        minimum=row.course,
        by=by,
        reasons=(*why, *_sentence(row)),
        provisions=row.provisions,
        confirmed=row.confirmed,
    )


_WITHOUT_A_NUMBER = frozenset({Timing.PROMPTLY, Timing.WITHOUT_DELAY})


def _sentence(row: TriggerRow) -> tuple[str, ...]:
    doubt = "" if row.confirmed else "、要確認"
    of_the_days = ("期限の日数は処理の目安であり、法令の定める日数ではありません。",)
    return (
        f"{row.sentence}（{cited(row.provisions)}{doubt}）。",
        *(of_the_days if row.timing in _WITHOUT_A_NUMBER else ()),
    )


def _without_material(level: Level) -> tuple[str, ...]:
    if larger_form(level) is None:
        return ("基礎項目評価のみの事務に重要な変更はなく、変更は修正によります（規則第5条第1項後段、第14条第3項）。",)
    form = FORMS[larger_form(level) or ""]
    return (f"{form}の別表の項目には当たりません。",)


def _examined(
    why: str, known_on: date, *, on: date, provisions: tuple[Provision, ...] = (), confirmed: bool = True
) -> Consequence:
    row = trigger_row(Trigger.YEARLY, on=on)
    return Consequence(
        material=False,
        items=(),
        follows=Course.NO_CHANGE,
        minimum=Course.NO_CHANGE,
        by=due_by(trigger_row(Trigger.FORM_AMENDED, on=on), on=known_on, takes_effect_on=None),
        reasons=(why, f"検討の期限の{EXAMINATION_DAYS}開庁日は処理の目安です。"),
        provisions=tuple(dict.fromkeys((*provisions, *row.provisions))),
        confirmed=confirmed,
    )
