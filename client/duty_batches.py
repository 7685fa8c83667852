"""義務をまとめて始める (batches of duties): all of a file are looked at before the first is opened."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from client.errors import InvalidInputError, NotPermittedError
from schemas.base import Message
from schemas.duties import kind_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from client.acting import Acting
    from client.duties import Duties
    from register.duties import DutyRows
    from schemas.duties import DutyState


class Wanted(NamedTuple):
    """始める義務 (duty that is to be open): its number, and what its opening says."""

    duty_id: str
    said: dict[str, Any]


class Applied(Message):
    """まとめて始めた結果 (what a file did): which duties it opened, and which were there."""

    opened: tuple[str, ...]
    there: tuple[str, ...]


async def open_all(  # noqa: PLR0913 # what is wanted, and who asks whom
    wanted: Sequence[Wanted], *, duties: Duties, rows: DutyRows, acting: Acting, as_: str, where: str
) -> Applied:
    """Open what is not there yet; the same file again opens nothing.

    Raises InvalidInputError with every fault, and NotPermittedError; then nothing is opened.
    """
    person, revision = await acting.person(as_)
    departments = {one.id for one in revision.organisation.departments if one.body == person.body}
    faults: list[str] = []
    there: list[str] = []
    for number, (duty_id, said) in enumerate(wanted, start=1):
        state = await rows.find(duty_id)
        if said["department"] not in departments:
            faults.append(f"{number}件目（{duty_id}）: 部署「{said['department']}」は、この機関にありません。")
        if duty_id in (one.duty_id for one in wanted[: number - 1]):
            faults.append(f"{number}件目（{duty_id}）: 同じ番号が二度現れます。番号に使う名を改めてください。")
        if said["begins_on"] > said["due_on"]:
            faults.append(f"{number}件目（{duty_id}）: 始まる日が期限より後です。")
        if state is not None:
            there.append(duty_id)
            if _differs(state, said):
                faults.append(
                    f"{number}件目（{duty_id}）: 別の対象又は部署で既に始まっています。改めるには `minaoshi duty amend`"
                    " を使ってください。"
                )
    if faults:
        raise InvalidInputError(
            f"{len(faults)}件の誤りがあります。何も始めていません。",
            where=where,
            remedy="示された箇所を直してください。",
            faults=tuple(faults),
        )
    permitted = await duties.openable(as_=as_)
    kinds = dict.fromkeys(kind_of(one.duty_id) for one in wanted)
    refused = [kind.label for kind in kinds if kind not in permitted]
    if refused:
        raise NotPermittedError(
            f"{'、'.join(refused)}を始められるのは、個人情報保護監査チームです。",
            where=where,
            remedy="監査チームの者が行ってください。",
        )
    opened = [one for one in wanted if one.duty_id not in there]
    for duty_id, said in opened:
        await duties.open(duty_id, json.dumps(said).encode(), as_=as_)
    return Applied(opened=tuple(one.duty_id for one in opened), there=tuple(there))


def _differs(state: DutyState, said: dict[str, Any]) -> bool:
    """Say whether what is there is about something else; its plan, and its date, may have changed since."""
    about = ("file", "contractor", "system", "files")
    return state.department != said["department"] or any(
        state.content.get(name) != said["content"].get(name) for name in about
    )
