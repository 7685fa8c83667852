"""送られたファイル: found by name or path, in a ZIP too; what is broken or too large is told."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest

from client.document_kinds import kind_belied
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


def test_what_is_packed_is_known_by_what_it_holds_and_not_by_its_name() -> None:
    uploads = Uploads([("documents.bin", packed(a=b"1")), ("empty", packed())])
    assert uploads.read("a.pdf") == b"1"
    book = BytesIO()
    with zipfile.ZipFile(book, "w") as archive:
        archive.writestr("[Content_Types].xml", b"<Types/>")
        archive.writestr("a.pdf", b"hidden")
    whole = Uploads([("様式.xlsx", book.getvalue()), ("broken", b"PK\x03\x04 no zip")])
    assert whole.read("様式.xlsx") == book.getvalue()
    assert whole.read("broken") == b"PK\x03\x04 no zip"
    with pytest.raises(FileNotFoundError):
        whole.read("a.pdf")


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd",
        "/etc/passwd",
        "..\\..\\boot.ini",
        "C:\\a\\b.pdf",
        "a\x00.pdf",
        "a\r\nb.pdf",
        "\u202efdp.exe",
        "",
        ".",
        "..",
    ],
    ids=["上", "根", "上の逆斜線", "C", "空字", "改行", "逆向き", "空", "点", "点二つ"],
)
def test_a_name_reaches_no_file_but_those_that_were_sent(name: str) -> None:
    sent = Uploads([("a.pdf", b"1"), ("b.zip", packed(c=b"2"))])
    with pytest.raises(FileNotFoundError):
        sent.read(name)
    assert Uploads([(f"{name}.txt", b"own")]).read(f"{name}.txt") == b"own"


def test_all_that_is_unpacked_has_a_limit_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """A small ZIP whose documents are asked for again and again would otherwise keep a machine busy."""
    monkeypatch.setattr("client.uploads.LARGEST_WHOLE", 2500)
    uploads = Uploads([("a.zip", packed(a=bytes(1000)))])
    assert [len(uploads.read("a.pdf")) for _ in range(2)] == [1000, 1000]
    with pytest.raises(OSError, match="合わせて大きすぎます"):
        uploads.read("a.pdf")


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.pdf", b"%PDF-1.7", None),
        ("a.PDF", b"\xef\xbb\xbf\n%PDF-1.4", None),
        ("a.pdf", b"MZ" + bytes(2000) + b"%PDF-1.7", "PDF"),
        ("a.pdf", b"<script>", "PDF"),
        ("a.pdf", b"", "PDF"),
        ("a.xlsx", b"PK\x03\x04", None),
        ("a.xlsx", b"\xd0\xcf\x11\xe0", "XLSX"),
        ("a.xls", b"\xd0\xcf\x11\xe0", None),
        ("a.doc", b"{\\rtf1", "DOC"),
        ("a.txt", b"%PDF-1.7", None),
        ("a", b"MZ", None),
    ],
    ids=str,
)
def test_a_name_that_says_what_the_content_is_not(name: str, content: bytes, kind: str | None) -> None:
    assert kind_belied(name, content) == kind
