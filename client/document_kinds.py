"""文書の種類 (kinds of documents): told by what a file holds; its name alone says nothing."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import PurePosixPath

_ZIP, _EMPTY_ZIP, _COMPOUND = b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0"

_PDF_BEGINS_WITHIN = 1024

_BEGINS = {
    ".pdf": ("PDF", b"%PDF-", _PDF_BEGINS_WITHIN),
    ".xlsx": ("XLSX", _ZIP, len(_ZIP)),
    ".docx": ("DOCX", _ZIP, len(_ZIP)),
    ".ods": ("ODS", _ZIP, len(_ZIP)),
    ".odt": ("ODT", _ZIP, len(_ZIP)),
    ".xls": ("XLS", _COMPOUND, len(_COMPOUND)),
    ".doc": ("DOC", _COMPOUND, len(_COMPOUND)),
}
"""How a document of a kind begins, and within how many bytes."""

_OFFICE = frozenset({"[Content_Types].xml", "mimetype"})
"""What a document that is a ZIP itself has at its root: OOXML, ODF."""


def kind_belied(name: str, content: bytes) -> str | None:
    """Give the kind that a name tells of and that the content is not; None where they agree or nobody can say."""
    kind, begin, within = _BEGINS.get(PurePosixPath(name.lower()).suffix, ("", b"", 0))
    return None if begin in content[:within] else kind


def packs_documents(content: bytes) -> bool:
    """Say whether this is a ZIP with documents in it, whatever its name is, and not a document that is one itself."""
    if not content.startswith((_ZIP, _EMPTY_ZIP)):
        return False
    try:
        return _OFFICE.isdisjoint(opened(content).namelist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        return False


def opened(content: bytes) -> zipfile.ZipFile:
    """Open a ZIP; Windows writes Japanese names in Shift_JIS without saying so."""
    try:
        return zipfile.ZipFile(BytesIO(content), metadata_encoding="cp932")
    except UnicodeDecodeError:
        return zipfile.ZipFile(BytesIO(content))
