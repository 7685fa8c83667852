"""対応策 (countermeasures): the acts that a person may do on one, and the reading of them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from client.errors import ActRefusedError, no_countermeasure
from client.input import message_from, new_act_id
from client.patience import same_content, unless_taken
from guideline.countermeasures import refusal_of_countermeasure_act
from schemas.canonical import act_digest
from schemas.countermeasures import (
    Confirmation,
    CountermeasureAct,
    CountermeasureActKind,
    CountermeasureHistory,
    CountermeasureReceipt,
    CountermeasureState,
    Done,
    Postponement,
    Progress,
    Rejection,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from client.acting import Acting
    from client.following import Following
    from client.looking import Looking
    from register.register import Register
    from schemas.acts import Refusal


class Countermeasures:
    """対応策: the verbs, one method each."""

    def __init__(
        self, register: Register, acting: Acting, following: Callable[[], Awaitable[Following]], *, looking: Looking
    ) -> None:
        self._register = register
        self._acting = acting
        self._looking = looking
        self._following = following

    async def list(
        self, *, scope: str = "open", assessment: str | None = None, viewer: str | None = None
    ) -> tuple[CountermeasureState, ...]:
        """Give those that the viewer sees by date, of one assessment if named; scope is `open` or `all`."""
        sight = await self._looking.sight(viewer)
        return await self._register.lists.countermeasures(scope=scope, assessment=assessment, sight=sight)

    async def permitted(self, countermeasure_id: str, *, as_: str) -> tuple[CountermeasureActKind, ...]:
        """Give the acts that a person may do on one now, as far as that does not hang on what they say."""
        state = (await self.show(countermeasure_id, viewer=as_)).state
        return tuple([kind for kind in CountermeasureActKind if await self._refusal(kind, state, as_=as_) is None])

    async def see_permitted(
        self, countermeasure_id: str, kind: CountermeasureActKind, *, as_: str, act_id: str | None = None
    ) -> None:
        """Raise ActRefusedError where a person may not do that act now; one that is known by its id was done before.

        Raises as `show` does for what the person does not see.
        """
        state = (await self.show(countermeasure_id, viewer=as_)).state
        if act_id is not None and await self._register.countermeasure_receipt(act_id) is not None:
            return
        refusal = await self._refusal(kind, state, as_=as_)
        if refusal is not None:
            raise ActRefusedError(refusal)

    async def _refusal(self, kind: CountermeasureActKind, state: CountermeasureState, *, as_: str) -> Refusal | None:
        actor = await self._acting.actor_on(as_, act=kind, state=state)
        return refusal_of_countermeasure_act(state, kind, actor=actor)

    async def show(self, countermeasure_id: str, *, viewer: str | None = None) -> CountermeasureHistory:
        """Give one countermeasure with what was done about it.

        Raises NotFoundError when it is unknown or of another body than the viewer's, NotPermittedError where it is of
        another department.
        """
        await self._looking.countermeasure(countermeasure_id, viewer=viewer)
        try:
            return await self._register.countermeasure_history(countermeasure_id)
        except LookupError:
            raise no_countermeasure(countermeasure_id) from None

    async def report_progress(
        self, countermeasure_id: str, content: bytes, *, as_: str, act_id: str | None = None
    ) -> CountermeasureReceipt:
        """進捗の報告: `content` is JSON with text, and where there is some, evidence."""
        return await self._do(Progress, countermeasure_id, content, as_=as_, act_id=act_id)

    async def postpone(
        self, countermeasure_id: str, content: bytes, *, as_: str, act_id: str | None = None
    ) -> CountermeasureReceipt:
        """期限の延期: `content` is JSON with due_on and reason; the team grants it."""
        return await self._do(Postponement, countermeasure_id, content, as_=as_, act_id=act_id)

    async def done(
        self, countermeasure_id: str, content: bytes, *, as_: str, act_id: str | None = None
    ) -> CountermeasureReceipt:
        """完了の報告: `content` is JSON with text and evidence."""
        return await self._do(Done, countermeasure_id, content, as_=as_, act_id=act_id)

    async def confirm(
        self, countermeasure_id: str, content: bytes = b"{}", *, as_: str, act_id: str | None = None
    ) -> CountermeasureReceipt:
        """完了の確認: `content` is JSON with a note where there is one."""
        return await self._do(Confirmation, countermeasure_id, content, as_=as_, act_id=act_id)

    async def reject(
        self, countermeasure_id: str, content: bytes, *, as_: str, act_id: str | None = None
    ) -> CountermeasureReceipt:
        """完了と認めない: `content` is JSON with reason, and past the date with a new due_on."""
        return await self._do(Rejection, countermeasure_id, content, as_=as_, act_id=act_id)

    async def _do(
        self, model: type[CountermeasureAct], countermeasure_id: str, content: bytes, *, as_: str, act_id: str | None
    ) -> CountermeasureReceipt:
        state = (await self.show(countermeasure_id)).state
        kind: CountermeasureActKind = model.model_fields["act"].default
        actor = await self._acting.actor_on(as_, act=kind, state=state)
        filled = {
            "act_id": act_id or new_act_id(),
            "actor": actor.model_dump(mode="json"),
            "countermeasure_id": countermeasure_id,
        }
        act = message_from(model, content, where=kind.label, filled=filled)
        digest = act_digest(act)
        known = partial(self._register.countermeasure_receipt, act.act_id)
        if (told := await known()) is not None:
            return same_content(told, digest=digest)
        sending = (await self._following()).act(act, state=state)
        return same_content(await unless_taken(sending, known=known), digest=digest)
