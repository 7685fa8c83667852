"""用意 (readiness): whether this process can do its work with the register as it stands now."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from register.schema_state import SchemaState

if TYPE_CHECKING:
    from collections.abc import Mapping

    from register.register import Register

UPDATE_US = "このプログラムを、台帳を進めたものと同じ版に更新してください（docs/upgrades.md）。"
MIGRATE = "表の持ち主のロールで一度開き、`minaoshi register grants` の文を実行してください（docs/operation.md）。"

_REASONS: Mapping[SchemaState, str] = MappingProxyType(
    {
        SchemaState.AHEAD: f"台帳の表の版が、このプログラムより新しいものです。{UPDATE_US}",
        SchemaState.BEHIND: "台帳の表の版が、このプログラムより古いものです。このプログラムを起動し直してください。",
        SchemaState.UNREADABLE: "台帳のデータベースを読めません。`minaoshi doctor` で確かめてください。",
    }
)


class Readiness:
    """用意: asked by whoever decides to which process the next request goes."""

    def __init__(self, register: Register) -> None:
        self._register = register

    async def obstacle(self) -> str | None:
        """Say what stands in the way and what to do; None where nothing does. The engine may be down: pages open."""
        return _REASONS.get(await self._register.schema())
