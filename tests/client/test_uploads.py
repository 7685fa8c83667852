"""送られたファイル: found by name or path, in a ZIP too; what is broken or too large is told."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest

from client.errors import InvalidInputError
from client.uploads import LARGEST_DOCUMENT, Uploads


def packed(**files: bytes) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(f"{name}.pdf", content)
    return out.getvalue()


def test_a_document_is_found_by_its_name_whatever_folder_the_table_names() -> None:
    uploads = Uploads([("C:\\文書\\一.pdf", b"1"), ("rest.zip", packed(**{"文書/二": b"2", "三": b"3"}))])
    assert [uploads.read(name) for name in ("一.pdf", "other/一.pdf", "文書/二.pdf", "文書\\二.pdf", "三.pdf")] == [
        b"1",
        b"1",
        b"2",
        b"2",
        b"3",
    ]
    with pytest.raises(FileNotFoundError, match="送られていません"):
        uploads.read("四.pdf")


def test_japanese_names_as_windows_packs_them() -> None:
    content = packed(AAAA=b"1").replace(b"AAAA", "文書".encode("cp932"))
    assert Uploads([("a.zip", content)]).read("文書.pdf") == b"1"
    odd = packed(AAAA=b"1").replace(b"AAAA", b"\xff\xfe\xfd\xfc")
    with pytest.raises(FileNotFoundError):
        Uploads([("a.zip", odd)]).read("文書.pdf")


def test_what_is_too_large_when_unpacked_is_not_unpacked() -> None:
    uploads = Uploads([("a.zip", packed(a=bytes(LARGEST_DOCUMENT + 1)))])
    with pytest.raises(OSError, match="大きすぎます"):
        uploads.read("a.pdf")


def test_what_lies_about_its_size_or_is_no_zip() -> None:
    content = packed(a=bytes(LARGEST_DOCUMENT + 1)).replace(
        (LARGEST_DOCUMENT + 1).to_bytes(4, "little"), (10).to_bytes(4, "little")
    )
    with pytest.raises(OSError, match="ZIP の中で壊れている"):
        Uploads([("a.zip", content)]).read("a.pdf")
    with pytest.raises(InvalidInputError, match="ZIP として読めません"):
        Uploads([("a.zip", b"no zip")])
