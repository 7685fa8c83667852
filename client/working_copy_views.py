"""書きかけの文書の見え方 (views of working copies): a form as it is being written, and the set to be submitted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum
from typing import Any

from client.merging import Merged
from guideline.changes import ChangedItem
from schemas.acts import Refusal
from schemas.forms.errors import FormError, Severity


class Start(Enum):
    """書き始め (start): what a working copy began from, or would begin from."""

    DRAFT = "draft"  # この見直しで提出した案
    PUBLISHED = "published"  # 公表している版
    EMPTY = "empty"  # 白紙

    @property
    def label(self) -> str:
        """The start in Japanese."""
        return {
            Start.DRAFT: "この見直しで最後に提出した案",
            Start.PUBLISHED: "公表している版",
            Start.EMPTY: "白紙の様式",
        }[self]


@dataclass(frozen=True)
class Sheet:
    """書きかけの一様式 (sheet): what it says, who saved it, what is wrong with it, and what changed.

    `revision` is 0 until it is saved for the first time. `left_out` are the items of an earlier version of the form
    that this one does not have. `refusal` says why the person may not write here; None where they may.
    """

    review_id: str
    assessment_name: str
    form: str
    title: str
    era_label: str
    content: Mapping[str, Any] = field(repr=False)
    revision: int
    saved_by: str
    saved_at: datetime | None
    starts: Mapping[Start, Mapping[str, Any]] = field(repr=False)
    refusal: Refusal | None
    left_out: tuple[str, ...] = ()
    found: tuple[FormError, ...] = field(default=(), repr=False)
    changed: tuple[ChangedItem, ...] = field(default=(), repr=False)

    @property
    def errors(self) -> tuple[FormError, ...]:
        """What stands in the way of its submission."""
        return tuple(one for one in self.found if one.severity is Severity.ERROR)

    @property
    def warnings(self) -> tuple[FormError, ...]:
        """What a person is asked to look at again."""
        return tuple(one for one in self.found if one.severity is Severity.WARNING)

    @property
    def since_submission(self) -> str:
        """Say whether a draft of this review was handed in that reads otherwise; nothing where none was."""
        draft = self.starts.get(Start.DRAFT)
        if draft is None or not self.revision:
            return ""
        return "最後に提出した案と同じ内容です。" if draft == self.content else "最後に提出した案から変わっています。"

    @property
    def start(self) -> Start:
        """What one begins from who begins now."""
        return next(iter(self.starts), Start.EMPTY)


@dataclass(frozen=True)
class WritingDesk:
    """書く所 (desk): every form of the set, and whether it may be submitted; `waiting` says why not yet."""

    review_id: str
    assessment_name: str
    stage: str
    sheets: tuple[Sheet, ...]
    refusal: Refusal | None
    waiting: str
    faults: tuple[str, ...]

    @property
    def may_submit(self) -> bool:
        """Whether the set is ready, and this person may hand it in now."""
        return self.refusal is None and not self.waiting

    @property
    def revisions(self) -> str:
        """What a page of submission carries along: the revision of each form that it showed."""
        return revisions_of({one.form: one.revision for one in self.sheets})


@dataclass(frozen=True)
class Saved:
    """保存の結果 (saved): the sheet as it was before, what it says now, and what came of what was typed.

    `seen` is where an entry that was added or moved now stands; `not_done` why it was not.
    """

    sheet: Sheet
    document: Mapping[str, Any] = field(repr=False)
    revision: int
    at: datetime
    merged: Merged
    seen: str = ""
    not_done: str = ""

    @property
    def after(self) -> Sheet:
        """The sheet as it now stands; what is wrong with it was not looked for."""
        return replace(self.sheet, content=self.document, revision=self.revision)


def revisions_of(revisions: Mapping[str, int]) -> str:
    """Write the revisions of a set in one line."""
    return " ".join(f"{form}={revision}" for form, revision in sorted(revisions.items()))
