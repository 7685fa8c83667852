"""義務 (duties): the acts that a person may do on one, and the reading of them."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from client.errors import ActRefusedError, InvalidInputError, NotFoundError, NotPermittedError, no_duty
from client.input import message_from, new_act_id, object_from
from client.patience import same_content, unless_taken
from guideline.access import rows_seen, sight_of
from guideline.duties import judge_duty, refusal_of_duty_act
from guideline.duty_register import COMPLETIONS_FORM, ROLL_FORM
from guideline.duty_roll import RollAct, check_own_row, members_of
from guideline.duty_rules import DUTY_RULES
from guideline.refusals import RefusedError
from register.duties import DutyFilter
from schemas.base import Message
from schemas.canonical import act_digest, digest_of
from schemas.duties import Completions, DutyKind, DutyState, MemberStatus, Roll, RollRow, kind_of
from schemas.duty_acts import (
    MOST_MEMBERS,
    DutyAct,
    DutyActKind,
    DutyAmendment,
    DutyCancellation,
    DutyCompletion,
    DutyConfirmation,
    DutyEnrolment,
    DutyExcuse,
    DutyHandIn,
    DutyHistory,
    DutyOpening,
    DutyPostponement,
    DutyProgress,
    DutyReceipt,
    DutySendingBack,
)
from schemas.duty_papers import CONTENT_OF, PAPER_OF
from schemas.records import StoredDocument

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable
    from datetime import date, datetime

    from pydantic import JsonValue

    from client.acting import Acting
    from client.duty_following import DutyFollowing
    from client.looking import Looking
    from guideline.access import RowsSeen
    from register.register import Register
    from schemas.acts import Refusal

AT_ONCE = 100
"""一頁の数: of duties, and of rows of a roll."""

WHOLE_ROLL = 20_000
"""名簿の全員: as many as an organisation may name."""

NEWEST = 200
"""経過に示す行為の数: a roll of thousands has as many acts."""

_PAPERS = {"content": ("内容", CONTENT_OF), "paper": ("提出物", PAPER_OF)}


class Related(NamedTuple):
    """関わる義務 (related duty): what another belongs to, or says again."""

    duty_id: str
    title: str
    is_readable: bool


class Duties:
    """義務: the verbs, one method each."""

    def __init__(
        self,
        register: Register,
        acting: Acting,
        following: Callable[[], Awaitable[DutyFollowing]],
        *,
        looking: Looking,
        now: Callable[[], datetime],
    ) -> None:
        self._register = register
        self._rows = register.duties
        self._acting = acting
        self._following = following
        self._looking = looking
        self._now = now

    # --- 読む

    async def list(  # noqa: PLR0913 # each narrows the list by one thing
        self,
        *,
        as_: str,
        scope: str = "open",
        kind: DutyKind | None = None,
        department: str | None = None,
        parent: str | None = None,
        page: int = 1,
    ) -> tuple[DutyState, ...]:
        """Give a page of the duties that a person may read, by date; scope is `open` or `all`."""
        person, revision = await self._acting.person(as_)
        sight = sight_of(revision.organisation, person)
        wanted = DutyFilter(
            body=person.body,
            sight=sight,
            kind=kind,
            scope=scope,
            department=department,
            parent=parent,
        )
        return await self._rows.list(wanted, limit=AT_ONCE, after=AT_ONCE * (page - 1))

    async def every(self, *, as_: str, kind: DutyKind, scope: str = "all") -> tuple[DutyState, ...]:
        """Give all duties of a kind that a person may read, by date, however many there are."""
        found: list[DutyState] = []
        page = 1
        while rows := await self.list(as_=as_, scope=scope, kind=kind, page=page):
            found.extend(rows)
            page += 1
        return tuple(found)

    async def show(self, duty_id: str, *, as_: str) -> DutyHistory:
        """Give a duty with the newest of what was done about it, but for what concerns rows that they don't see.

        Raises NotFoundError when it is unknown, NotPermittedError where the person may not read it.
        """
        sight = await self._looking.duty(duty_id, viewer=as_)
        history = await self._rows.history(duty_id, limit=NEWEST)
        assert history is not None  # noqa: S101 # it was seen a moment ago, and no duty is ever removed
        seen = rows_seen(sight, history.state)
        if seen is None:
            return history
        return history.model_copy(update={"acts": tuple(one for one in history.acts if _is_seen(one.act, seen))})

    async def rows_seen(self, duty_id: str, *, as_: str) -> RowsSeen | None:
        """Give the rows of the roll that a person sees; None for all. Raises as `show` does."""
        sight = await self._looking.duty(duty_id, viewer=as_)
        return rows_seen(sight, await self._state(duty_id))

    async def related(self, duty_ids: Iterable[str], *, as_: str) -> tuple[Related, ...]:
        """Give what a duty that a person reads names: by title, and whether they may read that too."""
        found = {one: await self._rows.find(one) for one in dict.fromkeys(duty_ids)}
        return tuple(
            [
                Related(one, state.title if state else one, is_readable=await self._is_readable(one, as_=as_))
                for one, state in found.items()
            ]
        )

    async def _is_readable(self, duty_id: str, *, as_: str) -> bool:
        try:
            await self._looking.duty(duty_id, viewer=as_)
        except (NotFoundError, NotPermittedError):
            return False
        return True

    async def below(self, duty_id: str, *, as_: str) -> tuple[DutyState, ...]:
        """Give the duties under one that the person may read too, by date. Raises as `show` does."""
        return await self._rows.below(duty_id, sight=await self._looking.duty(duty_id, viewer=as_))

    async def roll(
        self,
        duty_id: str,
        *,
        as_: str,
        status: MemberStatus | None = None,
        department: str | None = None,
        page: int = 1,
    ) -> tuple[RollRow, ...]:
        """Give a page of the rows that the person sees, of one status or department where named. Raises as `show`."""
        seen = await self.rows_seen(duty_id, as_=as_)
        return await self._rows.roll(
            duty_id, status=status, department=department, limit=AT_ONCE, after=AT_ONCE * (page - 1), seen=seen
        )

    async def whole_roll(self, duty_id: str, *, as_: str) -> tuple[RollRow, ...]:
        """Give all rows that the person sees. Raises as `show` does, and where they see their own alone."""
        seen = await self.rows_seen(duty_id, as_=as_)
        if seen is not None and not seen.departments:
            raise NotPermittedError(
                "名簿を書き出せるのは、義務を負う者、始めた者、機関の全体を見る者と、"
                "自らの部署の分について保護管理者です。",
                where="名簿",
                remedy="自分の分は、義務のページで見てください。",
            )
        return await self._rows.roll(duty_id, limit=WHOLE_ROLL, seen=seen)

    async def openable(self, *, as_: str) -> tuple[DutyKind, ...]:
        """Give the kinds of which a person may open a duty."""
        return tuple([kind for kind in DutyKind if await self._refusal_of_opening(kind, as_=as_) is None])

    async def see_openable(self, kind: DutyKind, *, as_: str) -> None:
        """Raise ActRefusedError where a person may not open a duty of that kind."""
        refusal = await self._refusal_of_opening(kind, as_=as_)
        if refusal is not None:
            raise ActRefusedError(refusal)

    async def _refusal_of_opening(self, kind: DutyKind, *, as_: str) -> Refusal | None:
        actor = await self._acting.actor_on_duty(as_, act=DutyActKind.OPEN, kind=kind)
        return refusal_of_duty_act(None, DutyActKind.OPEN, actor=actor, rule=DUTY_RULES[kind])

    async def permitted(self, duty_id: str, *, as_: str) -> tuple[DutyActKind, ...]:
        """Give the acts that a person may do on one now, as far as that does not hang on what they say."""
        state = await self._state(duty_id)
        return tuple([kind for kind in DutyActKind if await self._refusal(kind, state, as_=as_) is None])

    async def see_permitted(self, duty_id: str, kind: DutyActKind, *, as_: str) -> None:
        """Raise ActRefusedError where a person may not do that act now. Raises as `show` does."""
        await self._looking.duty(duty_id, viewer=as_)
        refusal = await self._refusal(kind, await self._state(duty_id), as_=as_)
        if refusal is not None:
            raise ActRefusedError(refusal)

    async def _refusal(self, kind: DutyActKind, state: DutyState, *, as_: str) -> Refusal | None:
        actor = await self._acting.actor_on_duty(as_, act=kind, kind=state.kind, state=state)
        refusal = refusal_of_duty_act(state, kind, actor=actor, rule=DUTY_RULES[state.kind])
        if refusal is not None or kind is not DutyActKind.COMPLETE:
            return refusal
        try:
            check_own_row(state, actor, await self._rows.member(state.duty_id, as_))
        except RefusedError as refused:
            return refused.refusal
        return None

    # --- 行う

    async def open(self, duty_id: str, content: bytes, *, as_: str, act_id: str | None = None) -> DutyReceipt:
        """義務の開始: `content` is JSON with department, title, due_on, content, and where there is one parent, owner.

        The same duty opened again is refused; with the same act id it gives the first answer.
        """
        return await self._do(DutyOpening, duty_id, content, as_=as_, act_id=act_id)

    async def report_progress(
        self, duty_id: str, content: bytes, *, as_: str, act_id: str | None = None
    ) -> DutyReceipt:
        """進捗の報告: `content` is JSON with text, and where there is some, evidence."""
        return await self._do(DutyProgress, duty_id, content, as_=as_, act_id=act_id)

    async def postpone(self, duty_id: str, content: bytes, *, as_: str, act_id: str | None = None) -> DutyReceipt:
        """期限の延期: `content` is JSON with due_on and reason."""
        return await self._do(DutyPostponement, duty_id, content, as_=as_, act_id=act_id)

    async def amend(self, duty_id: str, content: bytes, *, as_: str, act_id: str | None = None) -> DutyReceipt:
        """内容の変更: `content` is JSON with reason and what changes: title, department, owner, content."""
        return await self._do(DutyAmendment, duty_id, content, as_=as_, act_id=act_id)

    async def enrol(self, duty_id: str, content: bytes, *, as_: str, act_id: str | None = None) -> DutyReceipt:
        """名簿の変更: `content` is JSON with added and removed."""
        return await self._do(DutyEnrolment, duty_id, content, as_=as_, act_id=act_id)

    async def enrol_many(
        self, duty_id: str, roll: Roll, *, as_: str, act_id: str | None = None, joiners_due_on: date | None = None
    ) -> DutyReceipt:
        """名簿の変更: many at once; of more than an act may name the roll is stored, and named by its digest."""
        said: dict[str, JsonValue] = {"joiners_due_on": joiners_due_on.isoformat()} if joiners_due_on else {}
        if max(len(roll.members), len(roll.left), len(roll.changed)) <= MOST_MEMBERS:
            named = roll.model_dump(mode="json")
            said |= {"added": named["members"], "left": named["left"], "changed": named["changed"]}
        else:
            said["added_by_document"] = await self._store(DutyActKind.ENROL, duty_id, ROLL_FORM, roll, by=as_)
        return await self.enrol(duty_id, json.dumps(said).encode(), as_=as_, act_id=act_id)

    async def complete_many(
        self, duty_id: str, completions: Completions, *, as_: str, act_id: str | None = None
    ) -> DutyReceipt:
        """名簿の者の完了: each on their own day, all in one act; they are stored, and named by their digest."""
        sha256 = await self._store(DutyActKind.COMPLETE, duty_id, COMPLETIONS_FORM, completions, by=as_)
        content = json.dumps({"completed_by_document": sha256}).encode()
        return await self.complete(duty_id, content, as_=as_, act_id=act_id)

    async def _store(self, act: DutyActKind, duty_id: str, form: str, content: Message, *, by: str) -> str:
        """Store what an act names by its digest; nothing where the act will be refused."""
        stored: dict[str, JsonValue] = content.model_dump(mode="json")
        document = StoredDocument(sha256=digest_of(stored), form=form, form_version="1", content=stored)
        if await self._refusal(act, await self._state(duty_id), as_=by) is None:
            await self._register.store_document(document, by=by, at=self._now())
        return document.sha256

    async def complete(self, duty_id: str, content: bytes, *, as_: str, act_id: str | None = None) -> DutyReceipt:
        """名簿の者の完了: `content` is JSON with members and completed_on."""
        return await self._do(DutyCompletion, duty_id, content, as_=as_, act_id=act_id)

    async def excuse(self, duty_id: str, content: bytes, *, as_: str, act_id: str | None = None) -> DutyReceipt:
        """名簿の者の除外: `content` is JSON with members and reason."""
        return await self._do(DutyExcuse, duty_id, content, as_=as_, act_id=act_id)

    async def hand_in(self, duty_id: str, content: bytes, *, as_: str, act_id: str | None = None) -> DutyReceipt:
        """完了の報告: `content` is JSON with text, and what the kind asks for: evidence, paper."""
        return await self._do(DutyHandIn, duty_id, content, as_=as_, act_id=act_id)

    async def confirm(
        self, duty_id: str, content: bytes = b"{}", *, as_: str, act_id: str | None = None
    ) -> DutyReceipt:
        """完了の確認: `content` is JSON with a note where there is one."""
        return await self._do(DutyConfirmation, duty_id, content, as_=as_, act_id=act_id)

    async def send_back(self, duty_id: str, content: bytes, *, as_: str, act_id: str | None = None) -> DutyReceipt:
        """差戻し: `content` is JSON with reason, and past the date with a new due_on."""
        return await self._do(DutySendingBack, duty_id, content, as_=as_, act_id=act_id)

    async def cancel(self, duty_id: str, content: bytes, *, as_: str, act_id: str | None = None) -> DutyReceipt:
        """取りやめ: `content` is JSON with reason."""
        return await self._do(DutyCancellation, duty_id, content, as_=as_, act_id=act_id)

    async def _state(self, duty_id: str) -> DutyState:
        state = await self._rows.find(duty_id)
        if state is None:
            raise no_duty(duty_id)
        return state

    async def _do(
        self, model: type[DutyAct], duty_id: str, content: bytes, *, as_: str, act_id: str | None
    ) -> DutyReceipt:
        kind: DutyActKind = model.model_fields["act"].default
        state = await self._rows.find(duty_id)
        if state is None and model is not DutyOpening:
            raise no_duty(duty_id)
        of = _kind(duty_id)
        actor = await self._acting.actor_on_duty(as_, act=kind, kind=of, state=state)
        filled = {"act_id": act_id or new_act_id(), "actor": actor.model_dump(mode="json"), "duty_id": duty_id}
        _check_papers(of, content, where=kind.label)
        act = message_from(model, content, where=kind.label, filled=filled)
        digest = act_digest(act)
        known = partial(self._rows.receipt, act.act_id)
        if (told := await known()) is not None:
            return same_content(told, digest=digest)
        if isinstance(act, DutyOpening):
            if state is not None:
                self._refuse_what_is_there(act, state)
            opening = (await self._following()).open(act)
            return same_content(await unless_taken(opening, known=known), digest=digest)
        state = await self._state(duty_id)
        sending = (await self._following()).act(act, state=state)
        return same_content(await unless_taken(sending, known=known), digest=digest)

    def _refuse_what_is_there(self, act: DutyOpening, state: DutyState) -> None:
        """Say by the rules what is told of a duty that is there already: a run of its own would learn it later."""
        try:
            judge_duty(state, act, at=self._now())
        except RefusedError as refused:
            raise ActRefusedError(refused.refusal) from None


def _kind(duty_id: str) -> DutyKind:
    try:
        return kind_of(duty_id)
    except ValueError:
        raise InvalidInputError(
            f"義務番号「{duty_id}」の種類を知りません。",
            where="義務番号",
            remedy=f"「種類:名」の形で、種類は次のいずれかで書いてください: {'、'.join(one.value for one in DutyKind)}",
        ) from None


def _check_papers(kind: DutyKind, content: bytes, *, where: str) -> None:
    """Say in full what is wrong with the content or the paper of the kind; the rules say it in short."""
    said = object_from(content, where=where)
    for name, (title, models) in _PAPERS.items():
        model: type[Message] | None = models.get(kind)
        if model is not None and isinstance(said.get(name), dict):
            try:
                message_from(model, json.dumps(said[name]).encode(), where=title)
            except InvalidInputError as error:
                error.at = {f"{name}.{place}": what for place, what in error.at.items()}
                raise


def _is_seen(act: DutyAct, seen: RowsSeen) -> bool:
    """Say whether an act is no act on a roll, or the person's own, or about nobody but them."""
    return not isinstance(act, RollAct) or act.actor.person == seen.person or set(members_of(act)) == {seen.person}
