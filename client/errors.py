"""呼出し側の誤り (errors of the caller): what a person may be told, and the exit status that goes with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from schemas.acts import Refusal
    from schemas.forms.errors import FormError


class CallerError(Exception):
    """呼出し側の誤り: where, what, and what to do, in the reader's words. Nothing was recorded."""

    exit_status = 1

    def __init__(self, message: str, *, where: str, remedy: str) -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.remedy = remedy

    def as_data(self) -> dict[str, object]:
        """Give the error as plain data, for `--json`."""
        return {"where": self.where, "message": self.message, "remedy": self.remedy}


class NotFoundError(CallerError):
    """見つからない (unknown name)."""


class HiddenError(NotFoundError):
    """見せない (hidden): it is there, but not for this person, who is told what is told of an unknown name."""


class InvalidInputError(CallerError):
    """入力の誤り (a message that does not fit its schema): every fault at once.

    `at` says of a place in the message, such as `account.cause`, what is wrong there.
    """

    def __init__(
        self, message: str, *, where: str, remedy: str, faults: Sequence[str] = (), at: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message, where=where, remedy=remedy)
        self.faults = tuple(faults)
        self.at = dict(at or {})

    def as_data(self) -> dict[str, object]:
        """Give the error with its faults."""
        return {**super().as_data(), "faults": list(self.faults)}


class UsedActIdError(InvalidInputError):
    """使われた行為番号 (used act id): an act with other content has it."""


class BackupError(CallerError):
    """バックアップの誤り (backup): it can't be taken, read or restored."""


class InvalidDocumentError(CallerError):
    """文書の誤り (a document that does not fit its form), by item."""

    def __init__(self, errors: Sequence[FormError]) -> None:
        super().__init__(
            f"文書に{len(errors)}件の誤りがあります。", where="文書", remedy="示された項目を直してください。"
        )
        self.errors = tuple(errors)

    def as_data(self) -> dict[str, object]:
        """Give the error with its faults, and with the place of each."""
        return {
            **super().as_data(),
            "faults": [f"{one.item}: {one.message}" for one in self.errors],
            "errors": [one.model_dump(mode="json") for one in self.errors],
        }


class ActRefusedError(CallerError):
    """受付不可 (refused by a rule of the review)."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.message, where=refusal.where, remedy=refusal.remedy)
        self.refusal = refusal

    def as_data(self) -> dict[str, object]:
        """Give the refusal with its code and provision."""
        return self.refusal.model_dump(mode="json")


class NotPermittedError(CallerError):
    """権限がない (not permitted): this is for others to read or to do."""


class RegisterNotReadyError(CallerError):
    """台帳を使えない (register not ready): its tables are not those that this program knows."""


class OutcomeNotKnownError(CallerError):
    """結果が分からない (the engine did not answer in time): the act may have gone through; the same act id tells."""

    exit_status = 3


def no_assessment(assessment_id: str) -> NotFoundError:
    """Build the error of an assessment that the register does not have, or that is not for everybody."""
    return NotFoundError(
        f"評価書「{assessment_id}」は台帳にありません。",
        where="評価書",
        remedy="`minaoshi assessment list` で識別子を確かめてください。",
    )


def no_review(review_id: str) -> NotFoundError:
    """Build the error of a review that the register does not have."""
    return NotFoundError(
        f"見直し {review_id} は台帳にありません。",
        where="見直し番号",
        remedy="`minaoshi review list` で番号を確かめてください。",
    )


def no_report(report_id: str) -> NotFoundError:
    """Build the error of a report that the register does not have."""
    return NotFoundError(
        f"報告「{report_id}」は台帳にありません。",
        where="報告の番号",
        remedy="`minaoshi review show` 又は受信箱に示される報告の番号を確かめてください。",
    )


def no_countermeasure(countermeasure_id: str) -> NotFoundError:
    """Build the error of a countermeasure that the register does not have."""
    return NotFoundError(
        f"対応策 {countermeasure_id} は台帳にありません。",
        where="対応策番号",
        remedy="`minaoshi countermeasure list` で番号を確かめてください。",
    )


def no_duty(duty_id: str) -> NotFoundError:
    """Build the error of a duty that the register does not have."""
    return NotFoundError(
        f"義務 {duty_id} は台帳にありません。",
        where="義務番号",
        remedy="`minaoshi duty list` で番号を確かめてください。",
    )


def no_guidance(guidance_id: str) -> NotFoundError:
    """Build the error of a guidance that the register does not have."""
    return NotFoundError(
        f"指導 {guidance_id} は台帳にありません。",
        where="指導の識別子",
        remedy="`minaoshi guidance list` で識別子を確かめてください。",
    )


def no_event(event_id: str) -> NotFoundError:
    """Build the error of a risk event that the register does not have."""
    return NotFoundError(
        f"リスク事案 {event_id} は台帳にありません。",
        where="リスク事案の番号",
        remedy="`minaoshi event list` で番号を確かめてください。",
    )


def no_organisation() -> NotFoundError:
    """Build the error of a register that no organisation was applied to."""
    return NotFoundError(
        "組織表がまだありません。",
        where="組織表",
        remedy="`minaoshi organisation apply organisation.toml` で登録してください。",
    )
