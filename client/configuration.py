"""設定の変更 (changes of configuration): what a process was told when it started, where that is not what it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemas.records import AuditAction

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from pydantic import JsonValue

    from register.register import Register


class Configurations:
    """設定の変更を記録する: of each kind of process (worker, pages, hotline) by itself, for each is told its own."""

    def __init__(self, register: Register, *, now: Callable[[], datetime]) -> None:
        self._register = register
        self._now = now

    async def last(self, process: str) -> dict[str, str]:
        """Give what such a process was told when that was noted last; nothing where it never was."""
        every = await self._register.occurrences(AuditAction.CONFIGURATION_CHANGED)
        told = [one.detail["effective"] for one in every if one.subject == _subject(process)]
        last = told[-1] if told else None
        return {name: str(value) for name, value in last.items()} if isinstance(last, dict) else {}

    async def note(self, process: str, effective: Mapping[str, str], *, before: Mapping[str, str]) -> None:
        """Note what is told now, and what of it is new; nothing where it is as it was."""
        changed: dict[str, JsonValue] = {
            name: [before.get(name), effective.get(name)]
            for name in sorted({*before, *effective})
            if before.get(name) != effective.get(name)
        }
        if changed:
            told: dict[str, JsonValue] = dict(effective)
            await self._register.note(
                AuditAction.CONFIGURATION_CHANGED,
                actor="operator",
                subject=_subject(process),
                at=self._now(),
                detail={"changed": changed if before else {}, "effective": told},
            )


def _subject(process: str) -> str:
    return f"configuration/{process}"
