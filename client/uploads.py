"""送られたファイル (uploads): the documents of a take-over as a browser sends them, one by one or in ZIP files."""

from __future__ import annotations

import errno
import lzma
import zipfile
import zlib
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from client.document_kinds import opened, packs_documents
from client.errors import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Iterable

LARGEST_DOCUMENT = 5_000_000
"""The largest document that is taken out of a ZIP, in bytes: one of ten files has four hundred thousand."""

LARGEST_WHOLE = 500_000_000
"""So much is taken out of all ZIP files together, in bytes: twenty times what may be sent."""

_BROKEN = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError)


class Uploads:
    """送られたファイル: each known by its name, one from a ZIP by its whole path too."""

    def __init__(self, files: Iterable[tuple[str, bytes]]) -> None:
        self._plain: dict[str, bytes] = {}
        self._packed: dict[str, tuple[zipfile.ZipFile, zipfile.ZipInfo]] = {}
        self._left = LARGEST_WHOLE
        for name, content in files:
            if name.lower().endswith(".zip") or packs_documents(content):
                self._open(name, content)
            else:
                self._plain[PurePosixPath(name.replace("\\", "/")).name] = content

    def read(self, name: str) -> bytes:
        """Give a document by the name that the table has; raises OSError where it was not sent or can't be read."""
        wanted = name.replace("\\", "/")
        for one in (wanted, PurePosixPath(wanted).name):
            if one in self._plain:
                return self._plain[one]
            if one in self._packed:
                return self._unpacked(*self._packed[one])
        raise FileNotFoundError(errno.ENOENT, "送られていません")

    def _open(self, name: str, content: bytes) -> None:
        try:
            packed = opened(content)
        except (zipfile.BadZipFile, NotImplementedError, ValueError):
            raise InvalidInputError(
                f"「{name}」を ZIP として読めません。",
                where="文書ファイル",
                remedy="ZIP を作り直して、送ってください。",
            ) from None
        for entry in packed.infolist():
            if not entry.is_dir():
                self._packed[entry.filename] = (packed, entry)
                self._packed.setdefault(PurePosixPath(entry.filename).name, (packed, entry))

    def _unpacked(self, packed: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
        if entry.file_size > self._left:
            raise OSError(errno.EFBIG, f"ZIP の文書が、合わせて大きすぎます（上限{LARGEST_WHOLE:,}バイト）")
        if entry.file_size > LARGEST_DOCUMENT:
            raise OSError(errno.EFBIG, f"大きすぎます（上限{LARGEST_DOCUMENT:,}バイト）")
        try:
            with packed.open(entry) as document:
                content = document.read(LARGEST_DOCUMENT + 1)
        except (*_BROKEN, RuntimeError, ValueError):  # broken, packed in a way not known here, or under a password
            raise OSError(errno.EIO, "ZIP の中で壊れているか、暗号化されています") from None
        self._left -= len(content)
        if len(content) > LARGEST_DOCUMENT:
            raise OSError(errno.EFBIG, f"大きすぎます（上限{LARGEST_DOCUMENT:,}バイト）")
        return content
