"""控えの手紙 (letters of checkpoints): the mail alone is evidence, for it holds all that the signature covers.

A notice has one line and its instant, which is that of the checkpoint: so nothing else need be asked to write the mail.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from schemas.checkpoints import Checkpoint

if TYPE_CHECKING:
    from schemas.letters import Outgoing

_SAID = re.compile(
    r"証跡の控え: (?P<seq>[0-9]+)番 (?P<hash>[0-9a-f]{64})"
    r"（鍵 (?P<key_id>[0-9a-f]{16})、署名 (?P<signature>[A-Za-z0-9+/]+={0,2})）"
)


def checkpoint_notice_id(on: object, person: str) -> str:
    """Give the id of the notice of a day: the same day again tells nobody twice."""
    return f"checkpoint/{on}>{person}"


def subject_of_checkpoint(kept: Checkpoint) -> str:
    """Give the line in which a checkpoint is told: all of it but its instant."""
    return f"証跡の控え: {kept.seq}番 {kept.hash}（鍵 {kept.key_id}、署名 {kept.signature}）"


def checkpoint_told(outgoing: Outgoing) -> Checkpoint | None:
    """Give the checkpoint of which a notice tells; None for any other notice."""
    said = _SAID.fullmatch(outgoing.notice.subject)
    if said is None or not outgoing.notice.notice_id.startswith("checkpoint/"):
        return None
    return Checkpoint(
        seq=int(said["seq"]),
        hash=said["hash"],
        at=outgoing.made_at,
        key_id=said["key_id"],
        signature=said["signature"],
    )


def how_to_verify(kept: Checkpoint) -> tuple[str, ...]:
    """Give the lines of a letter: the checkpoint as a line of its file, and how the trail is held against it."""
    return (
        "　署名のある控え（この一行をそのままファイルに保存すると、--checkpoints で示せます）:",
        kept.model_dump_json(),
        "　台帳が、この控えを通ることを確かめる:",
        f"minaoshi audit verify --expect {kept.hash}",
        "　書き出した証跡だけで確かめる（台帳も鍵も要りません）:",
        f"minaoshi audit verify --file audit.zip --expect {kept.hash} --checkpoints checkpoint.jsonl",
        "　このメールを消さずに保管してください。台帳が丸ごと書き直されても、この控えで分かります。",
    )
