"""規程等 (rules) and their versions: made known to the staff, read and confirmed by each, replaced by the next version.

There is no table of rules: a version is what the duty of making it known says.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from pydantic import Field

from client.errors import ActRefusedError, InvalidInputError, NotFoundError
from client.files import keep_file, kept_content
from client.input import new_act_id, object_from
from guideline.deadlines import tokyo_date
from guideline.organisation import holders
from schemas.base import Message
from schemas.duties import OVER, DutyKind, DutyState, MemberStatus, Roll, RollMember, RollRow
from schemas.duty_papers import PublicityContent
from schemas.organisation import OF_A_DEPARTMENT, Role

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from client.acting import Acting
    from client.duties import Duties
    from register.register import Register
    from schemas.duty_acts import DutyReceipt
    from schemas.organisation import Organisation

_NEEDED = {
    "number": "文書番号",
    "version": "版",
    "in_force_on": "施行日",
    "changes": "改正の内容",
    "approved_by": "決裁した者",
    "approved_on": "決裁の日",
}
"""版に要る事項: of a version that is made known, all is said."""

_OF_THE_DUTY = ("title", "department", "owner", "begins_on", "due_on", "parent")


class RuleVersion(Message):
    """規程等の版 (version of a rule), and how far it is known."""

    duty: DutyState = Field(title="周知の義務")
    content: PublicityContent = Field(title="版の内容")


class MadeKnown(NamedTuple):
    """周知の始め (what making known did): whom it is for, which earlier ones it replaced, and which it could not."""

    receipt: DutyReceipt
    members: int
    replaced: tuple[str, ...]
    left: tuple[str, ...]


class Rules:
    """規程等とその版を扱う."""

    def __init__(self, register: Register, acting: Acting, duties: Duties, *, now: Callable[[], datetime]) -> None:
        self._register = register
        self._acting = acting
        self._duties = duties
        self._now = now

    async def versions(self, *, as_: str, rule: str | None = None) -> tuple[RuleVersion, ...]:
        """Give the versions that a person may read, rule by rule, the newest first; of one rule where it is named."""
        found = await self._duties.every(as_=as_, kind=DutyKind.PUBLICITY)
        versions = [RuleVersion(duty=one, content=_content(one)) for one in found]
        versions.sort(key=lambda one: (one.content.in_force_on or one.duty.due_on, one.duty.opened_at), reverse=True)
        versions.sort(key=lambda one: one.content.rule_id or one.content.rule)
        return tuple(one for one in versions if rule is None or rule in (one.content.rule_id, one.content.rule))

    async def show(self, rule: str, *, as_: str) -> tuple[RuleVersion, ...]:
        """Give the versions of one rule, the newest first. Raises NotFoundError where there is none."""
        versions = await self.versions(as_=as_, rule=rule)
        if not versions:
            raise NotFoundError(
                f"規程等「{rule}」はありません。",
                where="規程等",
                remedy="`minaoshi rule list` で識別子を確かめてください。",
            )
        return versions

    async def make_known(  # noqa: PLR0913 # a version, its paper, and to whom
        self,
        rule: str,
        content: bytes,
        *,
        as_: str,
        file: tuple[str, bytes] | None = None,
        roles: Sequence[str] = (),
        departments: Sequence[str] = (),
        act_id: str | None = None,
    ) -> MadeKnown:
        """版の周知: open the duty, put on its roll who is to read it, and cancel what an earlier version asked for.

        `content` is JSON with department, due_on, rule, number, version, in_force_on, changes, approved_by,
        approved_on and channel. Without roles and departments all staff of the body are to read it.
        """
        act = act_id or new_act_id()
        said = object_from(content, where="版の周知")
        about = {name: value for name, value in said.items() if name not in _OF_THE_DUTY}
        missing = {name: f"{title}がありません。" for name, title in _NEEDED.items() if not about.get(name)}
        if missing:
            raise InvalidInputError(
                "版の記載が足りません。",
                where="版の周知",
                remedy="示された項目を書いてください。",
                faults=[f"{name}（{_NEEDED[name]}）: {what}" for name, what in missing.items()],
                at=missing,
            )
        person, revision = await self._acting.person(as_)
        members = readers_among(revision.organisation, body=person.body, roles=roles, departments=departments)
        if file is not None and DutyKind.PUBLICITY in await self._duties.openable(as_=as_):
            kept = await keep_file(self._register, *file, by=as_, at=self._now())
            about |= {"document_name": kept.name, "document_sha256": kept.sha256, "stored_as": kept.stored_as}
        about |= {"rule_id": rule, "audience": _audience(revision.organisation, roles, departments)}
        opening = {name: said[name] for name in _OF_THE_DUTY if said.get(name)}
        opening.setdefault("title", f"{about.get('rule') or rule}（{about['version']}）の周知"[:200])
        duty_id = f"publicity:{rule}.{hashlib.sha256(act.encode()).hexdigest()[:8]}"
        earlier = [one for one in await self.versions(as_=as_, rule=rule) if one.duty.duty_id != duty_id]
        written = json.dumps({**opening, "content": about}).encode()
        await self._duties.open(duty_id, written, as_=as_, act_id=act)
        receipt = await self._duties.enrol_many(duty_id, Roll(members=members), as_=as_, act_id=f"{act}/enrol")
        replaced, left = await self._replace(earlier, str(about["version"]), as_=as_, act=act)
        return MadeKnown(receipt, len(members), replaced, left)

    async def _replace(
        self, earlier: Sequence[RuleVersion], version: str, *, as_: str, act: str
    ) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Cancel what the earlier versions still ask for; name those that another person has to cancel."""
        reason = json.dumps({"reason": f"新しい版（{version}）の周知に替わった。"}).encode()
        replaced: list[str] = []
        left: list[str] = []
        for number, one in enumerate(one for one in earlier if one.duty.status not in OVER):
            try:
                await self._duties.cancel(one.duty.duty_id, reason, as_=as_, act_id=f"{act}/replaces/{number}")
            except ActRefusedError:
                left.append(one.duty.title)
            else:
                replaced.append(one.duty.title)
        return tuple(replaced), tuple(left)

    async def reader(self, duty_id: str, *, as_: str) -> RollRow | None:
        """Give the person's own row of the roll; None where they are not asked to read it."""
        row = await self._register.duties.member(duty_id, as_)
        return None if row is None or row.status is MemberStatus.REMOVED else row

    async def confirm_read(self, duty_id: str, *, as_: str, act_id: str | None = None) -> DutyReceipt:
        """読了の確認: the person has read it, today."""
        content = json.dumps({"members": [as_], "completed_on": tokyo_date(self._now()).isoformat()}).encode()
        return await self._duties.complete(duty_id, content, as_=as_, act_id=act_id)

    async def document(self, duty_id: str, *, as_: str) -> tuple[str, bytes]:
        """Give the stored document of a rule or a circular, with its name.

        Raises NotFoundError where none was stored, NotPermittedError where the person may not read the duty.
        """
        content = (await self._duties.show(duty_id, as_=as_)).state.content
        name, stored_as = (str(content.get(one) or "") for one in ("document_name", "stored_as"))
        return name or "文書", await kept_content(self._register, stored_as)


def readers_among(
    organisation: Organisation, *, body: str, roles: Sequence[str], departments: Sequence[str]
) -> tuple[RollMember, ...]:
    """Give who of a body is to read: those of the departments and the holders of the roles; all where none is named.

    Raises InvalidInputError for a role or a department that is unknown.
    """
    known = {one.id for one in organisation.departments if one.body == body}
    wrong = [one for one in departments if one not in known] + [one for one in roles if one not in set(Role)]
    if wrong:
        raise InvalidInputError(
            f"周知する相手「{'」「'.join(wrong)}」は、部署としても役割としても知りません。",
            where="周知する相手",
            remedy="組織表にある部署の識別子か、役割の名で書いてください。",
        )
    places = known if set(roles) & OF_A_DEPARTMENT else set()
    named = {
        person
        for role in roles
        for place in (*sorted(places), None)
        for person in holders(organisation, Role(role), body=body, department=place)
    }
    people = [one for one in organisation.people if one.body == body]
    if roles or departments:
        people = [one for one in people if one.department in departments or one.id in named]
    if not people:
        raise InvalidInputError(
            "周知する相手に当たる職員が、一人もいません。",
            where="周知する相手",
            remedy="役割か部署を選び直してください。",
        )
    return tuple(RollMember(member=one.id, name=one.name, department=one.department, mail=one.mail) for one in people)


def _audience(organisation: Organisation, roles: Sequence[str], departments: Sequence[str]) -> str:
    names = [one.name for one in organisation.departments if one.id in departments]
    return "、".join((*(Role(one).label for one in roles), *names))[:200] or "全職員"


def _content(state: DutyState) -> PublicityContent:
    return PublicityContent.read(state.content)
