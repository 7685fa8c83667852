"""監査報告書の紙面 (paper of an audit report): what was planned, what was found, what was put right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from rendering.arrangement import Arranged, Heading, Part, Row


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditReport:
    """監査報告書: `findings` are headings with what is said under each, as pairs of a title and its words."""

    title: str
    body: str
    label: str
    dated_on: date
    facts: tuple[str, ...]
    plan: tuple[tuple[str, str], ...]
    findings: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    conclusion: str
    is_draft: bool

    @property
    def arranged(self) -> Arranged:
        """The plan, each finding, and the conclusion, as parts of a paper."""
        found: list[Heading | Row] = []
        for number, (heading, said) in enumerate(self.findings, start=1):
            found.append(Heading(f"{number}. {heading}", 1))
            found.extend(_rows(said, of=f"{number}-"))
        return Arranged(
            title=self.title,
            form="監査報告書",
            parts=(
                Part("監査の計画", "監査の計画", tuple(_rows(self.plan))),
                Part("監査の結果", "監査の結果", tuple(found)),
                Part("結論", "結論", (Row("1", "結論", self.conclusion),)),
            ),
        )


def _rows(said: Sequence[tuple[str, str]], *, of: str = "") -> list[Row]:
    return [Row(f"{of}{number}", title, words) for number, (title, words) in enumerate(said, start=1)]
