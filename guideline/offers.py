"""できる行為 (offers): which acts a person may do in a review now, and with which choices.

Nothing is decided here. The rules are asked with an act of that kind whose content is as good as it can be: where they
refuse even that, the act can't be done now, and the refusal says why.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, TypeAlias

from guideline.deadlines import tokyo_date
from guideline.decisions import judge
from guideline.document_sets import forms_needed
from guideline.form_versions import version_in_force
from guideline.hearing import ends_at_the_earliest
from guideline.refusals import RefusedError
from guideline.turns import level_of, next_step
from schemas.acts import (
    Acknowledgement,
    ActKind,
    Approval,
    Consent,
    Dispute,
    Finding,
    GatePassage,
    HandOver,
    ItemNote,
    Recall,
    Refusal,
    Resolution,
    Return,
    ReviewAct,
    Revision,
    Ruling,
    SectionCheck,
    Settlement,
    StepRecord,
    Submission,
    Withdrawal,
)
from schemas.countermeasures import MeasureAnswer
from schemas.courses import Course
from schemas.gates import Gate
from schemas.organisation import Actor
from schemas.procedure import Hearing, Notice
from schemas.reports import Evidence
from schemas.review import Manifest, ManifestEntry, ReviewState, Step


@dataclass(frozen=True, slots=True)
class Offer:
    """できる行為 (offer): an act, what may be chosen in it (courses, grounds, gates, rulings, the step), or why not."""

    act: ActKind
    choices: tuple[str, ...] = ()
    refusal: Refusal | None = None

    @property
    def is_open(self) -> bool:
        """Say whether the act may be done now."""
        return self.refusal is None


_Trial: TypeAlias = tuple[str, type[ReviewAct], dict[str, Any]]

_WORDS = "（仮）"
_ANY_DIGEST = "f" * 64
_NO_GROUND = "none"


def offers(review: ReviewState, actors: Mapping[ActKind, Actor], *, at: datetime) -> tuple[Offer, ...]:
    """Give every act that people do, each as the rules answer it for the actor who would do it.

    `actors` is the person in the role that may do each act, or in the one that they hold. `at` is now (aware).
    """
    return tuple(_offer(review, kind, actors[kind], at=at) for kind in _TRIALS)


def _offer(review: ReviewState, kind: ActKind, actor: Actor, *, at: datetime) -> Offer:
    choices: list[str] = []
    refusals: list[Refusal] = []
    for choice, model, content in _TRIALS[kind](review, tokyo_date(at)):
        named = {"act_id": "trial", "actor": actor, "review_id": review.review_id, **content}
        try:
            judge(review, model(**named), at=at)
        except RefusedError as refused:
            refusals.append(refused.refusal)
        else:
            choices.append(choice)
    return Offer(kind, choices=tuple(choices), refusal=None if choices else refusals[0])


def _find(review: ReviewState, _: date) -> Iterator[_Trial]:
    opening = review.opening
    measures = frozenset(opening.measures)
    rows = tuple(
        SectionCheck(
            item=item, agrees=True, state=_WORDS, answer=MeasureAnswer.SUFFICIENT if item in measures else None
        )
        for item in opening.checklist
    )
    for course in Course:
        said = {"course": course, "reason": _WORDS, "risk_not_moved": _WORDS, "checklist": rows}
        yield course.value, Finding, {**_facts(review), **said}


def _resolve(review: ReviewState, _: date) -> Iterator[_Trial]:
    for course in Course:
        yield course.value, Resolution, {**_facts(review), "course": course, "reason": _WORDS}


def _submit(review: ReviewState, today: date) -> Iterator[_Trial]:
    entries = []
    for form in forms_needed(level_of(review), review.course or Course.AMEND):
        row = version_in_force(form, on=today)
        entries.append(ManifestEntry(form=form, form_version=row.version if row else _WORDS, sha256=_ANY_DIGEST))
    yield "", Submission, {"manifest": Manifest(documents=tuple(entries))}


def _approve(review: ReviewState, _: date) -> Iterator[_Trial]:
    yield "", Approval, {**_facts(review), **_draft(review)}


def _return(review: ReviewState, _: date) -> Iterator[_Trial]:
    yield "", Return, {**_draft(review), "comments": (ItemNote(item=_WORDS, text=_WORDS),)}


def _record_step(review: ReviewState, today: date) -> Iterator[_Trial]:
    row = next_step(review)
    step = row.step if row else Step.PUBLICATION
    told: dict[Step, dict[str, Any]] = {
        Step.PUBLIC_NOTICE: {"notice": Notice(method=_WORDS, until_on=ends_at_the_earliest(began_on=today))},
        Step.PUBLIC_COMMENT: {"hearing": Hearing(opinions=0, reflected=0, sheet=_ANY_DIGEST)},
    }
    papers = (Evidence(title=_WORDS, sha256=_ANY_DIGEST),)
    said = {"step": step, "done_on": today, "note": _WORDS, "evidence": papers}
    yield step.value, StepRecord, {**said, **told.get(step, {})}


def _withdraw(review: ReviewState, _: date) -> Iterator[_Trial]:
    grounds = [one.ground_id for one in (*review.grounds, *review.held)]
    for ground_id in grounds or [_NO_GROUND]:
        yield ground_id, Withdrawal, {"ground_id": ground_id, "reason": _WORDS}


def _settle(_review: ReviewState, _: date) -> Iterator[_Trial]:
    for ruling in Ruling:
        yield ruling.value, Settlement, {"ruling": ruling, "reason": _WORDS}


def _pass_gate(_review: ReviewState, today: date) -> Iterator[_Trial]:
    for gate in Gate:
        yield gate.value, GatePassage, {"gate": gate, "passed_on": today, "reason": _WORDS, "emergency": _WORDS}


def _hand_over(review: ReviewState, _: date) -> Iterator[_Trial]:
    owner = review.opening.department
    another = "another" if owner != "another" else "other"
    yield "", HandOver, {"from_department": owner, "department": another, "reason": _WORDS}


def _plain(model: type[ReviewAct], **content: Any) -> Callable[[ReviewState, date], Iterator[_Trial]]:
    def trial(_review: ReviewState, _: date) -> Iterator[_Trial]:
        yield "", model, content

    return trial


def _facts(review: ReviewState) -> dict[str, Any]:
    return {"facts_revision": max(review.facts_revision, 1)}


def _draft(review: ReviewState) -> dict[str, Any]:
    return {"digest": review.draft_digest or _ANY_DIGEST, "revision": max(review.revision, 1)}


_TRIALS: Mapping[ActKind, Callable[[ReviewState, date], Iterator[_Trial]]] = MappingProxyType(
    {
        ActKind.ACKNOWLEDGE: _plain(Acknowledgement),
        ActKind.FIND: _find,
        ActKind.RESOLVE: _resolve,
        ActKind.SUBMIT: _submit,
        ActKind.APPROVE: _approve,
        ActKind.RETURN: _return,
        ActKind.DISPUTE: _plain(Dispute, reason=_WORDS),
        ActKind.RECORD_STEP: _record_step,
        ActKind.REVISE: _plain(Revision, reason=_WORDS),
        ActKind.RECALL: _plain(Recall, reason=_WORDS),
        ActKind.CONSENT: _plain(Consent, agrees=True, reason=_WORDS),
        ActKind.SETTLE: _settle,
        ActKind.WITHDRAW: _withdraw,
        ActKind.PASS_GATE: _pass_gate,
        ActKind.HAND_OVER: _hand_over,
    }
)
"""人の行為, each with the content with which the rules are asked, in the order in which they are shown."""
