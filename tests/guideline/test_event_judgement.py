"""リスク事案の判断: what follows from the facts, what a new fact changes, and which dates move, and why."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from guideline.event_judgement import judged_event, judgement_of, tells_of_facts
from schemas.breach import BreachFacts, Happening, Knowledge, KnownBy
from schemas.event_acts import EventActKind
from schemas.events import Answer, EventClock, EventState
from tests.guideline.breaches import facts
from tests.guideline.event_samples import LEAK, ON, act_of, after, event

TENTH = datetime(2026, 6, 10, 3, 0, tzinfo=UTC)
TWENTIETH = datetime(2026, 6, 20, 3, 0, tzinfo=UTC)
OCCURRED = Happening.OCCURRED
FOUR = "漏えい等報告規則第2条第4号イ"


def learned(state: EventState, *, at: datetime = TENTH, known_on: date | None = None, **changed: Any) -> EventState:
    act = act_of(
        EventActKind.UPDATE_FACTS,
        facts=state.facts.model_copy(update=changed),
        changed=tuple(changed),
        known_on=known_on,
    )
    return after(state, act, at=at)


def dates(state: EventState, kind: EventClock = EventClock.FINAL) -> list[tuple[date, date | None]]:
    return [(one.known_on, one.due_on) for one in state.deadlines if one.kind is kind and "番号法" in one.law]


def test_unknown_facts_leave_it_undecided_with_the_questions_and_the_dates_of_the_safe_side() -> None:
    state = event(BreachFacts())
    answer = state.judgements[-1]
    assert (answer.facts_revision, answer.on, answer.known_on) == (1, ON, ON)
    assert (answer.reportable, answer.guideline) == (Answer.UNDECIDED, Answer.UNDECIDED)
    assert answer.situations == ()
    assert "漏えいが発生し、又は発生したおそれがあるか" in answer.questions
    assert answer.changes == ()
    assert not any("に当たるかは、まだ決まりません" in reason for reason in answer.reasons)
    assert any("報告の要否は、まだ決まりません" in reason for reason in answer.reasons)
    assert dates(state) == [(ON, date(2026, 6, 30))]
    assert judgement_of(state).questions == answer.questions


def test_a_judgement_is_kept_with_its_reasons_and_provisions() -> None:
    answer = event(facts(**LEAK)).judgements[-1]
    assert (answer.reportable, answer.situations) == (Answer.YES, ("漏えい等報告規則第2条第1号ロ",))
    assert any("第2条第1号ロに当たります" in reason for reason in answer.reasons)
    assert "番号法第29条の4第1項" in answer.provisions
    assert "最初に知った日（令和8年6月1日、accounts）" in answer.reasons[0]


def test_a_count_that_crosses_a_hundred_later_starts_a_clock_of_its_own() -> None:
    """百人までと分かっていた漏えい: 4号 from the day on which the body knew of more."""
    state = event(facts(leak=OCCURRED, persons_at_most=100))
    assert (state.judgements[-1].reportable, state.judgements[-1].guideline) == (Answer.NO, Answer.YES)
    assert state.judgements[-1].situations == ("特定個人情報ガイドライン別添2の3B",)
    assert dates(state) == []
    later = learned(state, persons_at_most=101)
    assert later.judgements[-1].situations == (FOUR, "個情法施行規則第43条（百人を超える本人）")
    assert dates(later) == [(date(2026, 6, 10), date(2026, 7, 9))]
    changes = "".join(later.judgements[-1].changes)
    assert "おそれを含む最大の本人の数（100人 → 101人）" in changes
    assert "確報（番号法第29条の4）の期限令和8年7月9日が加わりました" in changes
    assert later.judgements[0] == state.judgements[0]


def test_a_count_that_crosses_a_hundred_later_moves_no_date_that_stands() -> None:
    state = event(facts(seen_by_many=OCCURRED, leak=OCCURRED, persons_at_most=100))
    later = learned(state, persons_at_most=101, known_on=date(2026, 6, 8))
    first = (ON, date(2026, 6, 30))
    assert dates(state) == [first]
    assert dates(later) == [first, (date(2026, 6, 8), date(2026, 7, 7))]
    assert not any("変わりました" in one for one in later.judgements[-1].changes if "期限が" in one)


def test_a_late_answer_gains_no_time() -> None:
    """数が分からなかった漏えい: it was counted as if more than a hundred, and still is from the first day."""
    state = event(facts(leak=OCCURRED, persons_confirmed=None, persons_at_most=None))
    later = learned(state, persons_at_most=150, at=TWENTIETH)
    assert dates(later) == dates(state) == [(ON, date(2026, 6, 30))]
    assert not any("期限" in one for one in later.judgements[-1].changes)


def test_what_ceases_to_be_so_and_is_so_again_keeps_its_first_day() -> None:
    first = event(facts(**LEAK))
    gone = learned(first, leak=Happening.NONE)
    assert dates(gone) == []
    assert any("要しなくなりました" in one for one in gone.judgements[-1].changes)
    assert dates(learned(gone, leak=OCCURRED, at=TWENTIETH)) == [(ON, date(2026, 6, 30))]


def test_what_was_exempt_before_is_known_from_the_day_on_which_it_is_not() -> None:
    exempt = event(facts(**LEAK, encrypted=True))
    later = learned(exempt, encrypted=False)
    assert dates(later) == [(date(2026, 6, 10), date(2026, 7, 9))]


def test_an_improper_purpose_makes_the_period_longer_and_says_why() -> None:
    state = event(facts(**LEAK, improper_purpose=None))
    later = learned(state, improper_purpose=Happening.FEARED)
    assert dates(later) == [(ON, date(2026, 7, 30))]
    assert any("令和8年6月30日から令和8年7月30日に変わりました" in one for one in later.judgements[-1].changes)


def test_a_department_that_knew_earlier_moves_the_clock_back_and_says_why() -> None:
    state = learned(event(facts(seen_by_many=OCCURRED, leak=OCCURRED, persons_at_most=100)), persons_at_most=101)
    earlier = date(2026, 5, 11)
    moved = after(state, act_of(EventActKind.ADD_KNOWLEDGE, known_on=earlier), at=TENTH)
    assert dates(moved) == [(earlier, date(2026, 6, 9)), (date(2026, 6, 10), date(2026, 7, 9))]
    assert (moved.known_on, moved.judgements[-1].known_on, moved.facts.known_on) == (earlier, earlier, earlier)
    change = moved.judgements[-1].changes[0]
    assert "起算の日が、令和8年6月1日から令和8年5月11日に変わりました" in change
    assert "others" in change


def test_a_department_that_knew_later_moves_nothing() -> None:
    state = event(facts(**LEAK))
    act = act_of(EventActKind.ADD_KNOWLEDGE, known_on=date(2026, 6, 5), known_by=KnownBy.CONTRACTOR_NOTICE)
    later = after(state, act, at=TENTH)
    assert later.knowledge[-1] == Knowledge(
        department="others", known_on=date(2026, 6, 5), known_by=KnownBy.CONTRACTOR_NOTICE
    )
    assert later.judgements[-1].changes == ()
    assert later.deadlines == state.deadlines


@pytest.mark.parametrize("kind", EventActKind, ids=[kind.label for kind in EventActKind])
def test_only_what_tells_of_facts_is_judged_anew(kind: EventActKind) -> None:
    of_facts = {EventActKind.UPDATE_FACTS, EventActKind.ADD_KNOWLEDGE, EventActKind.JOIN}
    assert tells_of_facts(act_of(kind)) is (kind in of_facts)


def test_what_is_kept_of_many_unknown_answers_is_small() -> None:
    """A judgement travels in every act: what is open is told once, and not situation by situation."""
    kept = judged_event(event(), on=ON).judgement
    assert kept is not None
    assert len(kept.model_dump_json().encode()) < 6_000
