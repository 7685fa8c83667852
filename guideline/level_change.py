"""しきい値判断の結果の変更 (level change): whether new facts lead to another level (規則6条2項, 7条2項, 8条)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from guideline.basic_items_rules import BANDS, DATA_SUBJECTS, HANDLER_COUNT, HANDLERS, INCIDENTS, SERIOUS_INCIDENT
from guideline.form_answers import Answers
from guideline.provisions import RULE_6_2, RULE_7_2, RULE_8, RULE_14_3, Provision
from guideline.threshold import ThresholdAnalysis, analyse_threshold
from guideline.triggers import Trigger
from schemas.forms.catalogue import UnknownFormError
from schemas.levels import Level


@dataclass(frozen=True, slots=True)
class StatedNumbers:
    """記載された数 (stated numbers): what Ⅱ of 様式2 says; each band is stood for by a number that lies in it."""

    data_subjects: int
    handlers: int
    serious_incident: bool


@dataclass(frozen=True, slots=True)
class LevelChange:
    """しきい値判断の結果の変更: the level before and after, on what occasion, and why."""

    before: Level
    after: Level
    trigger: Trigger | None
    reasons: tuple[str, ...]
    provisions: tuple[Provision, ...]
    confirmed: bool

    @property
    def rises(self) -> bool:
        """Whether a higher level is required than before."""
        return self.after.rank > self.before.rank


def stated_numbers(document: Mapping[str, object] | None) -> StatedNumbers | None:
    """Give what 様式2 states; None for a document without content, on another form, or that leaves it open."""
    if document is None:
        return None
    try:
        answers = Answers(document)
    except UnknownFormError:
        return None
    band, handlers, incident = (answers.choice(path) for path in (DATA_SUBJECTS, HANDLER_COUNT, SERIOUS_INCIDENT))
    if band is None or handlers is None or incident is None:
        return None
    return StatedNumbers(BANDS[band], HANDLERS[handlers], INCIDENTS[incident])


def level_of_numbers(numbers: StatedNumbers, *, on: date) -> ThresholdAnalysis:
    """Give the level that the numbers ask for (規則4条-7条)."""
    return analyse_threshold(
        data_subjects=numbers.data_subjects,
        handlers=numbers.handlers,
        serious_incident=numbers.serious_incident,
        on=on,
    )


def level_change(
    stated: StatedNumbers,
    *,
    on: date,
    data_subjects: int | None = None,
    handlers: int | None = None,
    serious_incident: bool | None = None,
) -> LevelChange:
    """Say what the new facts make of the level that was stated; what is not named stays as it is stated.

    A rise needs first the 修正 of 様式2, whose publication is the legal occasion, then the larger form. A fall needs
    the 修正 alone. A rise from below 1,000 persons has no article of its own: it is not confirmed.
    """
    new = replace(
        stated,
        data_subjects=stated.data_subjects if data_subjects is None else data_subjects,
        handlers=stated.handlers if handlers is None else handlers,
        serious_incident=stated.serious_incident if serious_incident is None else serious_incident,
    )
    before, after = level_of_numbers(stated, on=on), level_of_numbers(new, on=on)
    old_level, new_level = before.required_level, after.required_level
    if new_level is old_level:
        words = f"しきい値判断の結果は「{new_level.label}」のまま変わりません。"
        return LevelChange(old_level, new_level, None, (*after.reasons, words), after.provisions, after.confirmed)
    if new_level.rank < old_level.rank:
        words = f"しきい値判断の結果は「{old_level.label}」から「{new_level.label}」に下がります。"
        return LevelChange(
            old_level, new_level, Trigger.LEVEL_FALL, (*after.reasons, words), after.provisions, after.confirmed
        )
    by_incident = new.serious_incident and not stated.serious_incident
    words = f"しきい値判断の結果は「{old_level.label}」から「{new_level.label}」に上がります。"
    return LevelChange(
        old_level,
        new_level,
        Trigger.LEVEL_RISE_BY_INCIDENT if by_incident else Trigger.LEVEL_RISE,
        (*after.reasons, words, *_of_the_link(old_level)),
        (*after.provisions, RULE_14_3, RULE_6_2, RULE_7_2, RULE_8),
        after.confirmed and old_level is not Level.NOT_REQUIRED,
    )


def _of_the_link(before: Level) -> tuple[str, ...]:
    if before is Level.NOT_REQUIRED:
        return ("1,000人未満からの増加については定めがありません。直ちに人が判断してください（要確認）。",)
    return (
        "上位の評価書を公表するまでの間、情報連携ができないと解される余地があります（番号法第28条第6項、要確認）。",
    )
