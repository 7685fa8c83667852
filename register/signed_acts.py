"""署名の検証 (signatures of what is recorded): of acts and reports, by the public keys that are known.

From the first signed act on every act must be signed; those that a workflow does by itself never are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from register.audit import SUBJECTS
from register.tables import acts, countermeasure_acts, duty_acts, event_acts, reports
from schemas.organisation import Role
from schemas.signatures import signed_bytes

if TYPE_CHECKING:
    from schemas.signatures import Trusted

_SIGNED = frozenset(table.name for table in (acts, countermeasure_acts, duty_acts, event_acts, reports))

CARRIED = "carried/"
"""繰り越した事由: how the ids of acts begin by which a review takes over what the one before it held."""


class SignedActs:
    """署名の検証: goes along the chain, and knows since when acts are signed."""

    def __init__(self, trusted: Trusted) -> None:
        self._trusted = trusted
        self._since: datetime | None = None

    def faults(self, page: Sequence[Any], rows: Mapping[tuple[str, str], Any]) -> Iterator[str]:
        """Name what of a page of the chain is not signed, or not as it stands; `rows` by table and key."""
        for entry in page:
            table, key = entry["subject_table"], entry["subject_key"]
            row = rows.get((table, key))
            if table in _SIGNED and row is not None and (fault := self._fault(row)):
                yield f"{SUBJECTS[table].title} {key} {fault}（証跡の{entry['seq']}番）。"

    def _fault(self, row: Any) -> str | None:
        content = row["content"]
        signature = content.get("signature")
        if signature is None:
            is_late = self._since is not None and row["at"] >= self._since
            return "に署名がありません" if is_late and not _is_of_a_workflow(content) else None
        self._since = self._since or row["at"]
        key_id = signature["key_id"]
        if not self._trusted.knows(key_id):
            return f"の署名鍵 {key_id} を知りません"
        if not self._trusted.verifies(signed_bytes(content), key_id=key_id, value=signature["value"]):
            return f"の内容が、署名鍵 {key_id} の署名と合いません"
        return None


def _is_of_a_workflow(content: Mapping[str, Any]) -> bool:
    """Say whether a workflow did it by itself: a reminder, or a ground that its review took over."""
    if content["actor"]["role"] != Role.ENGINE.value:
        return False
    return content.get("act") == "remind" or str(content["act_id"]).startswith(CARRIED)
