"""控え (checkpoints): signed heads in a file outside the database, and what they prove.

Who rewrites the whole chain can't rewrite what was signed before and kept elsewhere.
"""

from __future__ import annotations

import os
from base64 import b64decode
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pydantic import ValidationError
from sqlalchemy import Connection

from register import audit
from schemas.canonical import sha256_of
from schemas.checkpoints import Checkpoint, PublicKey


class Kept(NamedTuple):
    """控えと鍵 (what was kept): the lines of the file of checkpoints, and the public keys that are trusted."""

    lines: Sequence[bytes]
    keys: Sequence[PublicKey]


class CheckpointFile:
    """控えの綴り (file of checkpoints): one JSON line each; it only grows, so that it may lie on write-once storage."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def append(self, checkpoint: Checkpoint) -> None:
        """Write a line, and return when the disk has it."""
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # One write: the lines of two processes do not mix.
        number = os.open(self._path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            size = os.fstat(number).st_size
            # A line that a power failure cut off must not spoil the next one.
            begin = b"\n" if size and os.pread(number, 1, size - 1) != b"\n" else b""
            os.write(number, begin + checkpoint.model_dump_json().encode() + b"\n")
            os.fsync(number)
        finally:
            os.close(number)

    def lines(self) -> tuple[bytes, ...]:
        """Give the lines; none where the file is not there."""
        return lines_of(self._path.read_bytes()) if self._path.exists() else ()


def newest_of(lines: Sequence[bytes]) -> Checkpoint | None:
    """Give the newest checkpoint that can be read; None where there is none. A line that can't be is for `verify`."""
    for line in reversed(lines):
        try:
            return Checkpoint.model_validate_json(line)
        except ValidationError:
            continue
    return None


def lines_of(content: bytes) -> tuple[bytes, ...]:
    """Give the lines that are not empty."""
    return tuple(line for line in content.splitlines() if line.strip())


def faults_of_checkpoints(connection: Connection, kept: Kept) -> Iterator[str]:
    """Hold the chain against each checkpoint, by its signature and by the entry that it names."""
    keys = {key.key_id: key for key in kept.keys if _is_its_own(key)}
    for number, line in enumerate(kept.lines, start=1):
        try:
            checkpoint = Checkpoint.model_validate_json(line)
        except ValidationError:
            yield f"控えの{number}行目を読めません。"
            continue
        name = (
            f"{checkpoint.at.isoformat(timespec='seconds')} の控え（証跡の{checkpoint.seq}番、鍵 {checkpoint.key_id}）"
        )
        if checkpoint.key_id not in keys:
            yield f"{name}の鍵を知りません。その公開鍵を示してください。"
        elif not _is_signed(checkpoint, keys[checkpoint.key_id]):
            yield f"{name}の署名が正しくありません。"
        elif fault := _not_through(connection, checkpoint):
            yield f"証跡が {name}を通りません（{fault}）。"


def _is_its_own(key: PublicKey) -> bool:
    """Say whether a key has the number that follows from it, so that none stands under the number of another."""
    return sha256_of(b64decode(key.public_key)).startswith(key.key_id)


def _is_signed(checkpoint: Checkpoint, key: PublicKey) -> bool:
    try:
        public = Ed25519PublicKey.from_public_bytes(b64decode(key.public_key))
        public.verify(b64decode(checkpoint.signature or ""), checkpoint.signed)
    except (InvalidSignature, ValueError):
        return False
    return True


def _not_through(connection: Connection, checkpoint: Checkpoint) -> str | None:
    if checkpoint.seq == 0:
        return None
    found = audit.hash_at(connection, checkpoint.seq)
    if found is None:
        return "証跡がそこまでありません。切り詰められています"
    return None if found == checkpoint.hash else "証跡が書き直されています"
