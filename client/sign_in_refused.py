"""サインインの拒否 (refused sign-ins): why nobody was signed in, in the reader's words, with what to do."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from client.errors import CallerError

if TYPE_CHECKING:
    from collections.abc import Sequence


class Why(StrEnum):
    """拒否の理由 (reason of a refusal): it stands in the audit trail and in the log."""

    NOT_BEGUN_HERE = "not_begun_here"
    CANCELLED = "cancelled"
    OTHER_ISSUER = "other_issuer"
    NO_CODE = "no_code"
    EXCHANGE = "exchange"
    TOKEN = "token"  # noqa: S105 # a reason, no secret
    NO_CLAIM = "no_claim"
    UNVERIFIED_MAIL = "unverified_mail"
    UNKNOWN_PERSON = "unknown_person"
    SEVERAL_PERSONS = "several_persons"
    ROLES = "roles"
    TOO_LATE = "too_late"
    NO_DEVICE_FLOW = "no_device_flow"


_AGAIN = "もう一度サインインしてください。"
_ASK = "続くときは、システムの担当者に、この画面の文と時刻を知らせてください。"
_ASK_FOR_ENTRY = "組織表を管理するシステムの担当者に、あなたの登録を頼んでください。"

_TEXTS = {
    Why.NOT_BEGUN_HERE: (
        "このサインインは、このブラウザーで始めたものではないか、10分を過ぎたか、既に使われています。",
        f"だれもサインインしていません。{_AGAIN}",
    ),
    Why.CANCELLED: ("認証サーバーでのサインインが、完了しませんでした。", f"{_AGAIN}{_ASK}"),
    Why.OTHER_ISSUER: ("設定にない認証サーバーからの答えなので、受け付けません。", f"{_AGAIN}{_ASK}"),
    Why.NO_CODE: ("認証サーバーの答えに、必要な値がありません。", f"{_AGAIN}{_ASK}"),
    Why.EXCHANGE: ("認証サーバーが、サインインの確認に応じませんでした。", f"{_AGAIN}{_ASK}"),
    Why.TOKEN: ("認証サーバーの証明を確かめられないので、受け付けません。", f"{_AGAIN}{_ASK}"),
    Why.NO_CLAIM: ("認証サーバーの答えに、職員を見分ける値がありません。", _ASK_FOR_ENTRY),
    Why.UNVERIFIED_MAIL: (
        "認証サーバーが、あなたの電子メールアドレスを確認していません。",
        "認証サーバーでアドレスの確認を済ませてから、もう一度サインインしてください。",
    ),
    Why.UNKNOWN_PERSON: ("本人であることは確かめましたが、組織表にあなたがいません。", _ASK_FOR_ENTRY),
    Why.SEVERAL_PERSONS: (
        "本人であることは確かめましたが、組織表で同じ電子メールアドレスの職員が複数います。",
        "組織表を管理するシステムの担当者に、一人だけのアドレスにするよう頼んでください。",
    ),
    Why.ROLES: (
        "認証サーバーの示すあなたの役割を、組織表に反映できません。",
        "役割を割り当てた担当者と、組織表を管理するシステムの担当者に、示された箇所を知らせてください。",
    ),
    Why.NO_DEVICE_FLOW: (
        "この認証サーバーでは、別の機械のブラウザーからサインインできません。",
        "`minaoshi sign-in` を、ブラウザーのある機械で使ってください。",
    ),
    Why.TOO_LATE: ("時間内にサインインが終わりませんでした。", _AGAIN),
}


class SignInRefusedError(CallerError):
    """サインインの拒否 (refused): nobody is signed in. `told` is for the audit trail and the log, never for a page."""

    def __init__(self, why: Why, *, told: str = "", faults: Sequence[str] = ()) -> None:
        message, remedy = _TEXTS[why]
        super().__init__(message, where="サインイン", remedy=remedy)
        self.why = why
        self.told = told
        self.faults = tuple(faults)

    def as_data(self) -> dict[str, object]:
        """Give the refusal with its reason."""
        return {**super().as_data(), "why": self.why.value, "faults": list(self.faults)}


class ProviderNotReachableError(CallerError):
    """認証サーバーに届かない (provider not reachable), or its answer is none. Who is signed in stays so."""

    exit_status = 3

    def __init__(self, *, told: str) -> None:
        super().__init__(
            "認証サーバーに、今つながりません。",
            where="サインイン",
            remedy="しばらくしてから、もう一度サインインしてください。既にサインインしている人は、そのまま続けられます。"
            "続くときは、システムの担当者に知らせてください。",
        )
        self.told = told
