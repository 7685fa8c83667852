"""保存したファイル (stored files): rules and circulars as they were sent, kept in the register under their SHA-256."""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import TYPE_CHECKING, NamedTuple

from client.errors import InvalidInputError, NotFoundError
from schemas.canonical import digest_of
from schemas.records import StoredDocument

if TYPE_CHECKING:
    from datetime import datetime

    from pydantic import JsonValue

    from register.register import Register

FORM = "file"
"""ファイルの様式: as a stored file is called."""

LARGEST = 10_000_000
"""保存するファイルの上限: bytes."""

_LONGEST_NAME = 200


class KeptFile(NamedTuple):
    """保存したファイル: its name, its own SHA-256, and the number under which the register has it."""

    name: str
    sha256: str
    stored_as: str


async def keep_file(register: Register, name: str, content: bytes, *, by: str, at: datetime) -> KeptFile:
    """Store a file; the same one again is stored once. Raises InvalidInputError where it is empty or too large."""
    if not 0 < len(content) <= LARGEST:
        raise InvalidInputError(
            f"ファイル「{name}」は、空か、大きすぎます（{len(content):,}バイト、上限{LARGEST:,}バイト）。",
            where="ファイル",
            remedy="中身のある、上限より小さいファイルを選んでください。",
        )
    plain = name.replace("\\", "/").rpartition("/")[2].strip()[-_LONGEST_NAME:] or "文書"
    digest = hashlib.sha256(content).hexdigest()
    stored: dict[str, JsonValue] = {"name": plain, "sha256": digest, "base64": base64.b64encode(content).decode()}
    document = StoredDocument(sha256=digest_of(stored), form=FORM, form_version="1", content=stored)
    await register.store_document(document, by=by, at=at)
    return KeptFile(plain, digest, document.sha256)


async def kept_content(register: Register, stored_as: str) -> bytes:
    """Give what a stored file holds. Raises NotFoundError where there is none."""
    try:
        document = await register.document(stored_as)
        content = document.content if document.form == FORM else None
        return base64.b64decode(str((content or {})["base64"]), validate=True)
    except (LookupError, binascii.Error):
        raise NotFoundError(
            "この文書は台帳に保存されていません。",
            where="文書",
            remedy="文書の名称とSHA-256で、手元の文書と照らしてください。",
        ) from None
