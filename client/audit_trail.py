"""証跡の閲覧 (reading the trail): who did what, when, and to which row; for those who watch over others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from client.errors import NotPermittedError
from guideline.access import READERS_OF_THE_TRAIL, may_read_trail
from register.audit import SUBJECTS
from schemas.acts import ActKind
from schemas.countermeasures import CountermeasureActKind
from schemas.duty_acts import DutyActKind
from schemas.event_acts import EventActKind
from schemas.lists import TrailPage
from schemas.records import AuditAction

if TYPE_CHECKING:
    from collections.abc import Mapping

    from client.acting import Acting
    from register.register import Register
    from schemas.lists import TrailEntry, TrailQuery
    from schemas.organisation import Organisation
    from schemas.records import AuditVerdict
    from schemas.signatures import Trusted

ACTIONS = {
    AuditAction.ORGANISATION_APPLIED: "組織表の適用",
    AuditAction.ROLES_CLAIMED: "認証サーバーの示す役割の、組織表への反映",
    AuditAction.ASSESSMENT_ADDED: "評価書の登録",
    AuditAction.ASSESSMENT_PLANNED: "新規の評価書の登録",
    AuditAction.DOCUMENT_STORED: "文書の保存",
    AuditAction.REPORT_RECORDED: "報告",
    AuditAction.ACT_RECORDED: "見直しの行為",
    AuditAction.VERSION_PUBLISHED: "版の公表",
    AuditAction.COUNTERMEASURE_OPENED: "対応策の開始",
    AuditAction.COUNTERMEASURE_ACT: "対応策の行為",
    AuditAction.EVENT_OPENED: "リスク事案の開始",
    AuditAction.EVENT_ACT: "リスク事案の行為",
    AuditAction.DUTY_ACT: "義務の行為",
    AuditAction.SIGNED_IN: "サインイン",
    AuditAction.SIGNED_OUT: "サインアウト",
    AuditAction.SIGN_IN_REFUSED: "サインインの拒否",
    AuditAction.REFUSED_BY_PAGE: "ページでの拒否",
    AuditAction.READ_WITHHELD: "公表しない部分の閲覧",
    AuditAction.EXPORTED: "書き出し",
    AuditAction.TAKEN_OVER: "評価書の引継ぎ",
    AuditAction.NOTICE_SETTLED: "知らせを別の手段で伝えた記録",
    AuditAction.NOTICE_RESENT: "知らせの再送",
    AuditAction.SCHEDULE_TRIGGERED: "年次の一巡の開始",
    AuditAction.CONFIGURATION_CHANGED: "設定の変更",
    AuditAction.KEY_ROTATED: "鍵の更新",
    AuditAction.AUDIT_EXPORTED: "証跡の書き出し",
    AuditAction.BACKUP_TAKEN: "バックアップの作成",
    AuditAction.RESTORED: "バックアップからの復元",
    AuditAction.RECONCILED: "エンジンの履歴との照合による修復",
    AuditAction.RETENTION_PROPOSED: "保存期間の申出",
    AuditAction.RETENTION_CONFIRMED: "保存期間の確認",
}
"""証跡の種類の名: how each kind of entry is called."""

_REPORTS = {
    "change": "変更の報告",
    "risk": "リスク事案の報告",
    "new_business": "新規の事務の報告",
    "end_of_business": "事務の終了の報告",
}
_ELSEWHERE = "ほかの機関の記録"
_OTHERS = {"operator": "運用の担当者", "engine": "本システム", "unknown": "組織表にいない者"}


@dataclass(frozen=True, slots=True)
class TrailLine:
    """証跡の一行 (line of the trail), in words; the entry itself is beside."""

    entry: TrailEntry
    who: str
    what: str
    subject: str


@dataclass(frozen=True, slots=True)
class Trail:
    """証跡の一頁 (page of the trail), with the head of the whole; `more` says that older ones follow."""

    lines: tuple[TrailLine, ...]
    more: bool
    entries: int
    head: str


class Trails:
    """証跡を読む."""

    def __init__(self, register: Register, acting: Acting, trusted: Trusted) -> None:
        self._register = register
        self._trusted = trusted
        self._acting = acting

    async def page(self, query: TrailQuery, *, as_: str) -> Trail:
        """Give one page, the newest first. Raises NotPermittedError for whoever may not read it.

        The chain is one for all bodies: of what another body did it says that it is there, and no more.
        """
        organisation, body = await self._readable(as_)
        bodies = {one.id: one.body for one in organisation.people}
        is_elsewhere = query.actor is not None and bodies.get(query.actor, body) != body
        found = TrailPage(entries=(), more=False) if is_elsewhere else await self._register.lists.trail(query)
        head = await self._register.audit_head()
        names = {one.id: one.name for one in organisation.people}
        return Trail(
            lines=tuple(
                _line(one, names) if (one.body or bodies.get(one.actor, body)) == body else _of_another_body(one)
                for one in found.entries
            ),
            more=found.more,
            entries=head.seq,
            head=head.hash,
        )

    async def verify(self, *, as_: str, expect: str | None = None) -> AuditVerdict:
        """Recompute the chain, and verify the signatures. Raises NotPermittedError for whoever may not read it."""
        await self._readable(as_)
        return await self._register.verify_audit(expect=expect, trusted=self._trusted)

    async def _readable(self, person_id: str) -> tuple[Organisation, str]:
        person, revision = await self._acting.person(person_id)
        if not may_read_trail(revision.organisation, person):
            readers = "、".join(role.label for role in READERS_OF_THE_TRAIL)
            raise NotPermittedError(
                f"証跡を読めるのは{readers}です。",
                where="証跡",
                remedy="自分の関わる見直しの経過は、その見直しのページにあります。証跡の確認は監査チームに頼んでください。",
            )
        return revision.organisation, person.body


def _line(entry: TrailEntry, names: dict[str, str]) -> TrailLine:
    kind = _kind(entry)
    action = ACTIONS[entry.action]
    return TrailLine(
        entry=entry,
        who=names.get(entry.actor) or _OTHERS.get(entry.actor, "（組織表にいません）"),
        what=f"{action}: {kind}" if kind else action,
        subject=SUBJECTS[entry.subject_table].title,
    )


def _of_another_body(entry: TrailEntry) -> TrailLine:
    hidden = {"actor": "", "subject_key": "", "kind": None, "belongs_to": None}
    return TrailLine(entry.model_copy(update=hidden), who=_ELSEWHERE, what=_ELSEWHERE, subject=_ELSEWHERE)


def _kind(entry: TrailEntry) -> str | None:
    if entry.kind is None or entry.subject_table == "occurrences":
        return None
    kinds = _ACT_KINDS.get(entry.subject_table)
    return _REPORTS.get(entry.kind) if kinds is None else kinds(entry.kind).label


_ACT_KINDS: Mapping[str, type[ActKind | CountermeasureActKind | DutyActKind | EventActKind]] = {
    "acts": ActKind,
    "countermeasure_acts": CountermeasureActKind,
    "duty_acts": DutyActKind,
    "event_acts": EventActKind,
}
"""行為の種類: by the table of the row."""
