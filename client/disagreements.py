"""食違い (disagreements): where the histories and the register do not tell the same, and what is to be done."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from activities.review_records import RecordRequest

if TYPE_CHECKING:
    from client.histories import Told, Unreadable, Written
    from register.reconciled import AnyState, Subject
    from schemas.acts import Intake
    from schemas.events import EventState


class Kind(StrEnum):
    """食違いの種類 (kind of disagreement)."""

    ACT_MISSING = "act_missing"  # 履歴にある行為が、台帳にない
    REPORT_MISSING = "report_missing"  # 履歴にある報告が、台帳にない
    EVENT_MISSING = "event_missing"  # 履歴にあるリスク事案が、台帳にない
    ACT_DIFFERS = "act_differs"  # 行為の内容か答えが違う
    ENGINE_BEHIND = "engine_behind"  # エンジンが、台帳より遅れている
    NOT_FOLLOWED = "not_followed"  # 台帳では続いているのに、エンジンにない
    DOCUMENT_MISSING = "document_missing"  # 案の文書が、台帳にない
    UNREADABLE = "unreadable"  # 履歴を読めない


_BY_WRITING = "`minaoshi reconcile --write` で、履歴から書き直します。"
_BY_FOLLOWING = "`minaoshi reconcile --write` で、台帳の状態から続けます。"


@dataclass(frozen=True, slots=True)
class Disagreement:
    """食違い: `mends` is what it is mended from; nothing where a person has to do it."""

    kind: Kind
    subject: str
    told: str
    remedy: str
    mends: Written | Told | EventState | Following | None = None

    def as_data(self) -> dict[str, object]:
        """Give it as plain data."""
        can = self.mends is not None
        return {
            "kind": self.kind.value,
            "subject": self.subject,
            "told": self.told,
            "remedy": self.remedy,
            "mended_by_writing": can,
        }

    def not_mended(self, reason: str) -> Disagreement:
        """Give it as one that could not be mended."""
        remedy = "理由を除いてから、もう一度 `minaoshi reconcile --write` を行ってください。"
        return replace(self, told=f"{self.told}直せません: {reason}", remedy=remedy)


@dataclass(frozen=True, slots=True)
class Following:
    """追うべきもの (what is to be followed again), as the register has it.

    With `is_behind` there is a run that knows less, which is ended first.
    """

    subject: Subject
    state: AnyState
    workflow_id: str
    is_behind: bool


def act_missing(one: Written) -> Disagreement:
    """Give an act that the register lacks."""
    return Disagreement(Kind.ACT_MISSING, one.key, f"{_called(one)}が、台帳にありません。", _BY_WRITING, one)


def act_differs(one: Written, *, what: str) -> Disagreement:
    """Give an act of which the register has other content, or another answer."""
    remedy = "`minaoshi audit verify` で、台帳が書き換えられていないかを確かめてください。どちらも書き換えません。"
    return Disagreement(Kind.ACT_DIFFERS, one.key, f"{_called(one)}の{what}が、履歴と台帳で違います。", remedy)


def report_missing(told: Told, intake: Intake) -> Disagreement:
    """Give a report that the register lacks."""
    said = f"報告 {intake.act_id} が、台帳にありません。"
    return Disagreement(Kind.REPORT_MISSING, intake.act_id, said, _BY_WRITING, told)


def event_missing(state: EventState) -> Disagreement:
    """Give a risk event that the register lacks."""
    said = f"リスク事案 {state.event_id} が、台帳にありません。"
    return Disagreement(Kind.EVENT_MISSING, state.event_id, said, _BY_WRITING, state)


def not_followed(key: str, following: Following) -> Disagreement:
    """Give what goes on in the register and is not in the engine."""
    said = f"{following.subject.label} {key} は、台帳では続いていますが、エンジンにありません。"
    return Disagreement(Kind.NOT_FOLLOWED, key, said, _BY_FOLLOWING, following)


def engine_behind(key: str, following: Following, *, sequence: int) -> Disagreement:
    """Give what has come further in the register than in the engine."""
    said = (
        f"{following.subject.label} {key} は、台帳では{following.state.sequence}番目の行為まで進んでいますが、"
        f"エンジンは{sequence}番目までしか知りません。"
    )
    return Disagreement(Kind.ENGINE_BEHIND, key, said, _BY_FOLLOWING, following)


def document_missing(review_id: str, sha256: str) -> Disagreement:
    """Give a document of a draft that the register lacks."""
    said = f"見直し {review_id} の案の文書 {sha256} が、台帳にありません。文書は履歴に入らないため、作り直せません。"
    remedy = "案を差し戻し、同じ文書をもう一度提出してください（`minaoshi review return`、`minaoshi review submit`）。"
    return Disagreement(Kind.DOCUMENT_MISSING, review_id, said, remedy)


def unreadable(one: Unreadable) -> Disagreement:
    """Give a history that can't be read."""
    said = f"{one.workflow_id}（{one.run_id}）の履歴を読めません（{one.reason}）。"
    return Disagreement(
        Kind.UNREADABLE, one.workflow_id, said, "その履歴の暗号鍵があるかを確かめてください（`minaoshi keys list`）。"
    )


def _called(one: Written) -> str:
    act = one.request.act
    sequence = one.request.review.sequence if isinstance(one.request, RecordRequest) else one.request.state.sequence
    return f"{one.subject.label} {one.key} の{sequence}番目の行為（{act.act.label}、{act.act_id}）"
