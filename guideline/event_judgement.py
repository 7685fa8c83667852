"""リスク事案の判断 (judgement of a risk event): what follows from its facts, by when, and what that changes. Pure.

A situation that becomes known later has a clock of its own, from the day on which the body knew of it. One that could
not be excluded before is counted from the first day: a late answer gains no time.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from guideline.breach_deadlines import BreachDeadline, clock_of, deadlines_of, moves_of
from guideline.breach_report import BreachJudgement, SituationState, changes_of, judge_breach, told_together
from guideline.breach_situations import BreachLaw
from schemas.event_acts import EarlierFacts, EventAct, EventDerived, EventJoining, FactsUpdate, KnowledgeAddition
from schemas.events import Answer, EventClock, EventDeadline, EventJudgement, EventState, SituationKnown
from schemas.forms.wording import japanese_day


def tells_of_facts(act: EventAct) -> bool:
    """Say whether the act changes what is known: then the event is judged anew."""
    return isinstance(act, FactsUpdate | KnowledgeAddition | EventJoining)


def earlier_facts(state: EventState) -> EarlierFacts:
    """Give what the next judgement is compared with."""
    return EarlierFacts(
        facts=state.facts,
        known_on=state.known_on,
        on=state.judgements[-1].on,
        situations_known=state.situations_known,
    )


def judged_event(
    state: EventState,
    *,
    on: date,
    learned_on: date | None = None,
    earlier: EarlierFacts | None = None,
    names: Mapping[str, str] = MappingProxyType({}),
) -> EventDerived:
    """Judge the event by what is known on a day; say what that changes, and which dates move, and why.

    `learned_on` is the day on which the body knew of what is new, `names` those of departments, by id. No alarms yet.
    Raises NotInForceError for a day before the first rules.
    """
    clock = clock_of(state.knowledge, names=names)
    judgement = judge_breach(state.facts, on=on)
    before = judge_breach(earlier.facts, on=earlier.on) if earlier else None
    known = _situations_known(judgement, before, earlier, known_on=clock.known_on, learned_on=learned_on or on)
    deadlines = deadlines_of(judgement, known_on=clock.known_on, situations_known_on=known)
    changes: tuple[str, ...] = ()
    if before is not None and earlier is not None:
        said = deadlines_of(
            before, known_on=earlier.known_on, situations_known_on=_days(earlier, not_before=earlier.known_on)
        )
        moved = _clock_moved(earlier.known_on, clock.known_on, clock.reasons)
        changes = (*moved, *told_together(changes_of(before, judgement)), *moves_of(said, deadlines))
    return EventDerived(
        judgement=_kept(state, judgement, known_on=clock.known_on, why=clock.reasons, changes=changes),
        situations_known=tuple(SituationKnown(situation=one, known_on=day) for one, day in sorted(known.items())),
        deadlines=tuple(_deadline(one) for one in deadlines),
    )


def _days(earlier: EarlierFacts, *, not_before: date) -> dict[str, date]:
    return {one.situation: max(one.known_on, not_before) for one in earlier.situations_known}


def _situations_known(
    judgement: BreachJudgement,
    before: BreachJudgement | None,
    earlier: EarlierFacts | None,
    *,
    known_on: date,
    learned_on: date,
) -> Mapping[str, date]:
    """Give the day on which each situation that is, or was, met became known; the first day stays, and goes back."""
    if before is None or earlier is None:
        return {one.row.id: known_on for one in judgement.of(SituationState.MET)}
    known = {
        one: known_on if day == earlier.known_on else day for one, day in _days(earlier, not_before=known_on).items()
    }
    excluded = {one.row.id for one in before.findings if one.state in (SituationState.NOT_MET, SituationState.EXEMPTED)}
    for one in judgement.of(SituationState.MET):
        day = max(learned_on, known_on) if one.row.id in excluded else known_on
        known.setdefault(one.row.id, day)
    return known


def _clock_moved(before: date, after: date, why: tuple[str, ...]) -> tuple[str, ...]:
    if before == after:
        return ()
    return (f"起算の日が、{japanese_day(before)}から{japanese_day(after)}に変わりました。{''.join(why)}",)


def _kept(
    state: EventState, judgement: BreachJudgement, *, known_on: date, why: tuple[str, ...], changes: tuple[str, ...]
) -> EventJudgement:
    """Keep the answer; what is still open is told by its questions, once, and not situation by situation."""
    undecided = tuple(f"{one.row.name}に当たるかは、" for one in judgement.of(SituationState.UNDECIDED))
    return EventJudgement(
        facts_revision=state.facts_revision,
        on=judgement.on,
        known_on=known_on,
        reportable=Answer(judgement.reportable.value),
        guideline=Answer(judgement.verdict(BreachLaw.GUIDELINE).reportable.value),
        situations=tuple(one.row.name for one in judgement.to_report),
        reasons=(*why, *(one for one in judgement.reasons if not one.startswith(undecided))),
        questions=judgement.questions,
        provisions=tuple(one.article for one in judgement.provisions),
        confirmed=judgement.confirmed,
        changes=changes,
    )


def _deadline(deadline: BreachDeadline) -> EventDeadline:
    return EventDeadline(
        kind=EventClock(deadline.kind.value),
        law=deadline.law.label,
        situations=deadline.situations,
        known_on=deadline.known_on,
        earliest_on=deadline.earliest,
        due_on=deadline.latest,
        reasons=deadline.reasons,
        provisions=tuple(one.article for one in deadline.provisions),
        confirmed=deadline.confirmed,
    )


def judgement_of(state: EventState) -> BreachJudgement:
    """Give the present judgement in full, by the rules of the day on which it was made."""
    return judge_breach(state.facts, on=state.judgements[-1].on)
