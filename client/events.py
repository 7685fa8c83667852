"""リスク事案 (risk events): the acts that a person may do on one, and the reading of them."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any

from client.breach_documents import digest_from, report_from
from client.errors import ActRefusedError, no_event
from client.event_views import row_of, view_of
from client.fact_changes import changed_facts, differing_facts, facts_of
from client.input import message_from, new_act_id, object_from
from client.patience import same_content, unless_taken
from client.report_versions import digest_named, rows_of
from guideline.events import refusal_of_event_act
from guideline.refusals import refuse
from schemas.canonical import act_digest
from schemas.event_acts import (
    EventAcknowledgement,
    EventAct,
    EventActKind,
    EventClosing,
    EventJoining,
    EventReceipt,
    FactsUpdate,
    FilingRecord,
    KnowledgeAddition,
    MeasureNaming,
    NoReportConfirmation,
    NoReportProposal,
    NotificationRecord,
    ReportApproving,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from client.acting import Acting
    from client.event_following import EventFollowing
    from client.event_views import EventRow, EventView
    from client.looking import Looking
    from register.register import Register
    from schemas.acts import Refusal
    from schemas.events import EventState


class Events:
    """リスク事案: the verbs, one method each."""

    def __init__(
        self,
        register: Register,
        acting: Acting,
        following: Callable[[], Awaitable[EventFollowing]],
        *,
        looking: Looking,
        now: Callable[[], datetime],
    ) -> None:
        self._register = register
        self._acting = acting
        self._following = following
        self._looking = looking
        self._now = now

    async def list(
        self, *, scope: str = "open", body: str | None = None, viewer: str | None = None
    ) -> tuple[EventRow, ...]:
        """Give the events that the viewer sees, of one body if named, the newest first; scope is `open` or `all`."""
        sight = await self._looking.sight(viewer)
        return tuple(row_of(one) for one in await self._register.lists.events(scope=scope, body=body, sight=sight))

    async def show(self, event_id: str, *, viewer: str | None = None) -> EventView:
        """Give one event with what is due, what is left and what was done.

        Raises NotFoundError when it is unknown or of another body than the viewer's, NotPermittedError where it
        concerns other departments alone.
        """
        await self._looking.event(event_id, viewer=viewer)
        await self._state(event_id)
        history = await self._register.event_history(event_id)
        return view_of(
            history,
            reviews=await self._register.reviews_of_report(event_id),
            reports=await rows_of(self._register, history.state),
            measures=await self._register.countermeasures(scope="all", event=event_id),
            now=self._now(),
        )

    async def sequence(self, event_id: str, *, viewer: str | None = None) -> int:
        """Give how many acts the event has seen: a page opened before another is out of date. Raises as `show`."""
        await self._looking.event(event_id, viewer=viewer)
        return (await self._state(event_id)).sequence

    async def permitted(self, event_id: str, *, as_: str) -> tuple[EventActKind, ...]:
        """Give the acts that a person may do on an event now, as far as that does not hang on what they say.

        Raises as `show` does.
        """
        await self._looking.event(event_id, viewer=as_)
        state = await self._state(event_id)
        return tuple([kind for kind in EventActKind if await self._refusal(kind, state, as_=as_) is None])

    async def see_permitted(self, event_id: str, kind: EventActKind, *, as_: str, act_id: str | None = None) -> None:
        """Raise ActRefusedError where a person may not do that act now; one that is known by its id was done before.

        Raises as `show` does for what the person does not see.
        """
        await self._looking.event(event_id, viewer=as_)
        if act_id is not None and await self._register.event_act(act_id) is not None:
            return
        refusal = await self._refusal(kind, await self._state(event_id), as_=as_)
        if refusal is not None:
            raise ActRefusedError(refusal)

    async def _refusal(self, kind: EventActKind, state: EventState, *, as_: str) -> Refusal | None:
        actor = await self._acting.actor_on_event(as_, act=kind, state=state)
        return refusal_of_event_act(state, kind, actor=actor, at=self._now())

    async def update_from_form(
        self, event_id: str, content: bytes, *, read_revision: int, as_: str, act_id: str
    ) -> EventReceipt:
        """事実の更新 as `update`, from a form of all facts: only what differs from what is recorded is taken.

        Raises OvertakenError where another person changed one of these after `read_revision`, which was read.
        """
        said = object_from(content, where=EventActKind.UPDATE_FACTS.label)
        told = said.get("facts") or {}
        await self._state(event_id)
        history = await self._register.event_history(event_id)
        known = await self._register.event_act(act_id)
        if known is not None and isinstance(known.act, FactsUpdate):
            # Sent again: what it said then is what it says now, unless something else was typed.
            now_other = differing_facts(told, history.state.facts)
            facts = facts_of(told, dict.fromkeys((*known.act.changed, *now_other)))
        else:
            facts = changed_facts(history, told, read_revision=read_revision)
        if not facts:
            raise ActRefusedError(refuse("nothing_changed").refusal)
        whole = json.dumps({**said, "facts": facts}).encode()
        return await self.update(event_id, whole, as_=as_, act_id=act_id)

    async def acknowledge(
        self, event_id: str, content: bytes = b"{}", *, as_: str, act_id: str | None = None
    ) -> EventReceipt:
        """受領確認 by the team."""
        return await self._do(EventAcknowledgement, event_id, content, as_=as_, act_id=act_id)

    async def update(self, event_id: str, content: bytes, *, as_: str, act_id: str | None = None) -> EventReceipt:
        """事実の更新: `content` is JSON with facts (what changed; null: unknown), reason, known_on if not today."""
        said = object_from(content, where=EventActKind.UPDATE_FACTS.label)
        facts = said.get("facts")
        changed = {"changed": _names(facts)} if isinstance(facts, dict) and facts else {}
        return await self._do(FactsUpdate, event_id, content, as_=as_, act_id=act_id, defaults=changed)

    async def knew(self, event_id: str, content: bytes, *, as_: str, act_id: str | None = None) -> EventReceipt:
        """把握の追加: `content` is JSON with department, known_on, reason, and known_by where a contractor told."""
        department = object_from(content, where=EventActKind.ADD_KNOWLEDGE.label).get("department")
        if isinstance(department, str):
            await self._acting.department(department)
        return await self._do(KnowledgeAddition, event_id, content, as_=as_, act_id=act_id)

    async def join(self, event_id: str, content: bytes, *, as_: str, act_id: str | None = None) -> EventReceipt:
        """同じ事案の追加: `content` is JSON with other (the other report) and reason."""
        other = object_from(content, where=EventActKind.JOIN.label).get("other")
        knowledge: dict[str, Any] = {}
        if isinstance(other, str):
            known = (await self._state(other)).knowledge
            knowledge = {"knowledge": [one.model_dump(mode="json") for one in known]}
        return await self._do(EventJoining, event_id, content, as_=as_, act_id=act_id, filled=knowledge)

    async def approve(
        self, event_id: str, document: bytes, *, written_by: str, as_: str, act_id: str | None = None
    ) -> EventReceipt:
        """報告書の承認: the document is checked, kept by its digest, and approved by another than who wrote it.

        Raises InvalidDocumentError with every error of the document, by its form and by the facts of the event.
        """
        state = await self._state(event_id)
        await self._acting.owner(written_by, body=state.body, where="報告書を書いた者")
        known = await self._register.event_act(act_id) if act_id else None
        if known is not None and isinstance(known.act, ReportApproving):
            content = {"kind": known.act.kind.value, "digest": digest_from(document), "written_by": written_by}
            return await self._do(ReportApproving, event_id, json.dumps(content).encode(), as_=as_, act_id=act_id)
        await self.see_permitted(event_id, EventActKind.APPROVE_REPORT, as_=as_)
        report = report_from(document, state=state, now=self._now())
        await self._register.store_document(report.document, by=as_, at=self._now())
        content = {"kind": report.kind.value, "digest": report.document.sha256, "written_by": written_by}
        return await self._do(ReportApproving, event_id, json.dumps(content).encode(), as_=as_, act_id=act_id)

    async def file(self, event_id: str, content: bytes, *, as_: str, act_id: str | None = None) -> EventReceipt:
        """提出の記録: `content` is JSON with kind, filed_on, receipt_number, evidence, and digest.

        Of a 訂正 also correction, with corrects and reason. `digest` and `corrects` name a version (`final/1`, or its
        number), or are its SHA-256. Raises NotFoundError for a version that there is not.
        """
        said = object_from(content, where=EventActKind.RECORD_FILING.label)
        state = await self._state(event_id)
        if isinstance(said.get("digest"), str):
            said |= {"digest": digest_named(state, said["digest"])}
        correction = said.get("correction")
        if isinstance(correction, dict) and isinstance(correction.get("corrects"), str):
            said |= {"correction": {**correction, "corrects": digest_named(state, correction["corrects"])}}
        whole = json.dumps({"filing": said}, ensure_ascii=False).encode()
        return await self._do(FilingRecord, event_id, whole, as_=as_, act_id=act_id)

    async def notify(self, event_id: str, content: bytes, *, as_: str, act_id: str | None = None) -> EventReceipt:
        """本人への通知の記録: `content` is JSON with kind, done_on and evidence, or the reason why it is not due."""
        whole = _within("notification", content, where=EventActKind.RECORD_NOTIFICATION.label)
        return await self._do(NotificationRecord, event_id, whole, as_=as_, act_id=act_id)

    async def measure(self, event_id: str, content: bytes, *, as_: str, act_id: str | None = None) -> EventReceipt:
        """再発防止策: `content` is JSON with text, owner (a person of the body) and due_on; followed from then on."""
        said = object_from(content, where=EventActKind.NAME_MEASURE.label)
        if isinstance(said.get("owner"), str):
            body = (await self._state(event_id)).body
            await self._acting.owner(said["owner"], body=body, where="再発防止策の担当者")
        whole = _within("measure", content, where=EventActKind.NAME_MEASURE.label)
        return await self._do(MeasureNaming, event_id, whole, as_=as_, act_id=act_id)

    async def propose_no_report(
        self, event_id: str, content: bytes, *, as_: str, act_id: str | None = None
    ) -> EventReceipt:
        """報告を要しないとの申出: `content` is JSON with reason."""
        return await self._do(NoReportProposal, event_id, content, as_=as_, act_id=act_id)

    async def confirm_no_report(
        self, event_id: str, content: bytes, *, as_: str, act_id: str | None = None
    ) -> EventReceipt:
        """報告を要しないことの確認: `content` is JSON with reason; of the facts as they stand, unless it names them."""
        revision = {"facts_revision": (await self._state(event_id)).facts_revision}
        return await self._do(NoReportConfirmation, event_id, content, as_=as_, act_id=act_id, defaults=revision)

    async def close(
        self, event_id: str, content: bytes = b"{}", *, as_: str, act_id: str | None = None
    ) -> EventReceipt:
        """終了: `content` may have same_as, without_measures, without_review; the reviews are those of the register."""
        reviews = await self._register.reviews_of_report(event_id)
        opened = {"reviews": [one.review_id for one in reviews]}
        return await self._do(EventClosing, event_id, content, as_=as_, act_id=act_id, filled=opened)

    async def _do(  # noqa: PLR0913 # what the act says, who does it, and what is filled in
        self,
        model: type[EventAct],
        event_id: str,
        content: bytes,
        *,
        as_: str,
        act_id: str | None,
        filled: dict[str, Any] | None = None,
        defaults: dict[str, Any] | None = None,
    ) -> EventReceipt:
        state = await self._state(event_id)
        kind: EventActKind = model.model_fields["act"].default
        actor = await self._acting.actor_on_event(as_, act=kind, state=state)
        whole = {
            "act_id": act_id or new_act_id(),
            "actor": actor.model_dump(mode="json"),
            "event_id": event_id,
            **(filled or {}),
        }
        known = await self._register.event_act(whole["act_id"])
        if known is not None and isinstance(known.act, model):
            # What was filled in then may be otherwise by now: the same act sent again is still the same act.
            told = known.act.model_dump(mode="json")
            whole |= {name: told[name] for name in filled or {}}
            defaults = {name: told[name] for name in defaults or {}}
        act = message_from(model, content, where=kind.label, filled=whole, defaults=defaults)
        digest = act_digest(act)
        if known is not None:
            return same_content(known.receipt, digest=digest)
        sending = (await self._following()).act(act, state=state)
        return same_content(await unless_taken(sending, known=partial(self._receipt, act.act_id)), digest=digest)

    async def _receipt(self, act_id: str) -> EventReceipt | None:
        known = await self._register.event_act(act_id)
        return None if known is None else known.receipt

    async def _state(self, event_id: str) -> EventState:
        state = await self._register.find_event(event_id)
        if state is None:
            raise no_event(event_id)
        return state


def _names(facts: dict[str, Any]) -> list[str]:
    """Name the fields that the facts speak of, those of the account one by one."""
    account = facts.get("account")
    told = [f"account.{name}" for name in account] if isinstance(account, dict) else []
    return [*(name for name in facts if name != "account"), *told]


def _within(name: str, content: bytes, *, where: str) -> bytes:
    return json.dumps({name: object_from(content, where=where)}, ensure_ascii=False).encode()
