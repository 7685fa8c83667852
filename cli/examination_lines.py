"""診断の行 (lines of `doctor`): what each check found, in either language."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from cli.examination_texts import CHECKS, FINDINGS, REFUSED, STATES
from cli.language import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cli.language import Language

_THEREFORE = Text("→", "->")


class State(StrEnum):
    """状態 (state)."""

    GOOD = "good"  # よい
    WARNING = "warning"  # 注意
    MEND = "mend"  # 要対処


@dataclass(frozen=True, slots=True)
class Line:
    """診断の一行 (line); `finding` is its key in the table of texts, None for a question without an answer."""

    check: str
    finding: str | None
    state: State = State.GOOD
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_unreachable(self) -> bool:
        return (self.check, self.finding) == ("server", "unreachable")

    def told(self, language: Language) -> dict[str, str]:
        """Give it as `--json` does: state and check are the same in every language."""
        texts = REFUSED if self.finding is None else FINDINGS[f"{self.check}.{self.finding}"]
        values = {name: one.in_(language) if isinstance(one, Text) else one for name, one in self.values.items()}
        seen = " ".join(texts.seen.in_(language).format_map(values).split())
        remedy = texts.remedy.in_(language).format_map(values) if texts.remedy else ""
        return {"check": self.check, "state": self.state.value, "seen": seen, "remedy": remedy}

    def printed(self, language: Language) -> str:
        """Give it as one line for people."""
        told = self.told(language)
        remedy = f" {_THEREFORE.in_(language)} {told['remedy']}" if told["remedy"] else ""
        state, check = (text.in_(language) for text in (STATES[self.state], CHECKS[self.check]))
        return f"{state} {check}: {told['seen']}{remedy}"
