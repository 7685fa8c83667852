"""持ち運び用の一式 (bundle): an edition as a ZIP of canonical JSON, to be read by programs and taken in elsewhere.

The bytes depend on the edition alone. Reading one back believes nothing: every name, size and hash is checked.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Mapping
from datetime import date
from io import BytesIO
from typing import Any, Literal

from pydantic import Field, TypeAdapter, ValidationError

from guideline.renditions import Rendition
from rendering.edition import Edition
from schemas.base import Digest, Identifier, Line, Message
from schemas.canonical import canonical_bytes, message_digest, sha256_of
from schemas.changes import ChangeRow
from schemas.forms.parsing import LARGEST, parse
from schemas.levels import Level
from schemas.review import Manifest, ManifestEntry

FORMAT: Literal[1] = 1
"""書式の版: raised when a bundle of before could not be read any more."""

MANIFEST, CHANGES = "manifest.json", "changes.json"
LARGEST_BUNDLE = 40_000_000
"""一式の上限: bytes, of the file and of all that is in it together."""

_MOST_FILES = 12  # ten documents, the manifest and the table of changes
_EARLIEST = (1980, 1, 1, 0, 0, 0)  # the first moment that a ZIP file can name
_ENCRYPTED = 0x1


class BundleError(ValueError):
    """一式の誤り: why a file can't be taken for a bundle, in the reader's words."""


class BundledFile(Message):
    """一式の中の文書 (a document in the bundle)."""

    name: Line = Field(title="ファイル名")
    form: Identifier = Field(title="様式")
    form_version: Line = Field(title="様式の版")
    sha256: Digest = Field(title="文書のSHA-256")


class BundleManifest(Message):
    """一式の目録 (manifest of a bundle)."""

    format_version: Literal[1] = Field(title="書式の版")
    assessment_id: Identifier = Field(title="評価書の識別子")
    number: Line = Field(title="評価書番号")
    name: Line = Field(title="評価書名")
    body: Identifier = Field(title="評価実施機関")
    required_level: Level = Field(title="しきい値判断の結果")
    effective_level: Level = Field(title="実施する評価の種類")
    version: int = Field(ge=1, title="版")
    published_on: date = Field(title="公表日")
    rendition: Rendition = Field(title="版面")
    digest: Digest = Field(title="評価書一式のSHA-256")
    systems: tuple[Line, ...] = Field(max_length=50, title="システムの名称")
    files: tuple[Line, ...] = Field(max_length=50, title="特定個人情報ファイル名")
    documents: tuple[BundledFile, ...] = Field(min_length=1, max_length=10, title="文書")
    changes_sha256: Digest = Field(title="変更箇所のSHA-256")
    five_years_due_on: date | None = Field(title="再実施の期日（5年）")


_ROWS = TypeAdapter(tuple[ChangeRow, ...])


def bundle(edition: Edition) -> bytes:
    """Give the edition as a bundle."""
    changes = canonical_bytes([row.model_dump(mode="json") for row in edition.changes])
    files = {
        f"documents/{index}-{entry.form}.json": (entry, canonical_bytes(document))
        for index, (entry, document) in enumerate(zip(edition.manifest.documents, edition.documents, strict=True), 1)
    }
    manifest = BundleManifest(
        format_version=FORMAT,
        assessment_id=edition.assessment_id,
        number=edition.number,
        name=edition.name,
        body=edition.body,
        required_level=edition.required_level,
        effective_level=edition.effective_level,
        version=edition.version,
        published_on=edition.published_on,
        rendition=edition.rendition,
        digest=edition.digest,
        systems=edition.systems,
        files=edition.files,
        documents=tuple(
            BundledFile(name=name, form=entry.form, form_version=entry.form_version, sha256=entry.sha256)
            for name, (entry, _) in files.items()
        ),
        changes_sha256=sha256_of(changes),
        five_years_due_on=edition.five_years_due_on,
    )
    contents = {name: content for name, (_, content) in files.items()}
    contents |= {MANIFEST: canonical_bytes(manifest.model_dump(mode="json")), CHANGES: changes}
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name in sorted(contents):
            packed.writestr(zipfile.ZipInfo(name, _EARLIEST), contents[name], zipfile.ZIP_DEFLATED)
    return out.getvalue()


def is_bundle(content: bytes) -> bool:
    """Say whether this looks like a ZIP rather than a table."""
    return content.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def edition_from(content: bytes) -> Edition:
    """Read a bundle back; raises BundleError with what is wrong with it."""
    contents = _contents(content)
    manifest = _manifest(contents)
    expected = {MANIFEST, CHANGES, *(one.name for one in manifest.documents)}
    if len(expected) != len(manifest.documents) + 2:
        raise BundleError("目録に、同じファイル名が二度現れます。")
    for name in sorted(expected - set(contents)):
        raise BundleError(f"ファイル「{name}」がありません。")
    for name in sorted(set(contents) - expected):
        raise BundleError(f"目録にないファイル「{_shown(name)}」があります。")
    if sha256_of(contents[CHANGES]) != manifest.changes_sha256:
        raise BundleError(f"ファイル「{CHANGES}」の内容が、目録のSHA-256と異なります。")
    documents = tuple(_document(one, contents[one.name]) for one in manifest.documents)
    entries = tuple(
        ManifestEntry(form=one.form, form_version=one.form_version, sha256=one.sha256) for one in manifest.documents
    )
    if message_digest(Manifest(documents=entries)) != manifest.digest:
        raise BundleError("評価書一式のSHA-256が、文書のSHA-256から求めたものと異なります。")
    facts = manifest.model_dump(exclude={"format_version", "digest", "documents", "changes_sha256"})
    return Edition(documents=documents, changes=_changes(contents[CHANGES]), **facts)


def _contents(content: bytes) -> dict[str, bytes]:
    """Unpack, bounded whatever the file says of its own sizes."""
    if len(content) > LARGEST_BUNDLE:
        raise BundleError(f"大きすぎます（上限{LARGEST_BUNDLE:,}バイト）。")
    try:
        with zipfile.ZipFile(BytesIO(content)) as packed:
            return _unpacked(packed)
    except BundleError:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError):
        raise BundleError("ZIP として読めません。ファイルが壊れています。") from None


def _unpacked(packed: zipfile.ZipFile) -> dict[str, bytes]:
    listed = packed.infolist()
    if len(listed) > _MOST_FILES:
        raise BundleError(f"ファイルが多すぎます（{len(listed)}件、上限{_MOST_FILES}件）。")
    contents: dict[str, bytes] = {}
    left = LARGEST_BUNDLE
    for one in listed:
        name = one.orig_filename
        if name in contents:
            raise BundleError(f"ファイル「{_shown(name)}」が二度現れます。")
        if name != one.filename or name.startswith(("/", "\\")) or {"..", "."} & set(name.split("/")) or "\\" in name:
            raise BundleError(f"ファイル名「{_shown(name)}」は使えません。")
        if one.flag_bits & _ENCRYPTED or one.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise BundleError(f"ファイル「{_shown(name)}」は、暗号化されているか、知らない方式で圧縮されています。")
        with packed.open(one) as file:
            contents[name] = file.read(left + 1)
        left -= len(contents[name])
        if left < 0:
            raise BundleError(f"広げると大きすぎます（上限{LARGEST_BUNDLE:,}バイト）。")
    return contents


def _manifest(contents: Mapping[str, bytes]) -> BundleManifest:
    if MANIFEST not in contents:
        raise BundleError(
            f"目録（{MANIFEST}）がありません。`minaoshi assessment export` で書き出したものではありません。"
        )
    content = contents[MANIFEST]
    if len(content) > LARGEST:
        raise BundleError(f"目録が大きすぎます（上限{LARGEST:,}バイト）。")
    try:
        manifest = BundleManifest.model_validate_json(content)
    except ValidationError as invalid:
        places = "、".join(sorted({str(error["loc"][0]) if error["loc"] else "全体" for error in invalid.errors()}))
        raise BundleError(f"目録の書き方が正しくありません（{places}）。") from None
    if canonical_bytes(manifest.model_dump(mode="json")) != content:
        raise BundleError("目録が正準の形（鍵の順、空白なし）ではありません。")
    return manifest


def _document(one: BundledFile, content: bytes) -> dict[str, Any]:
    if sha256_of(content) != one.sha256:
        raise BundleError(f"ファイル「{_shown(one.name)}」の内容が、目録のSHA-256と異なります。")
    parsed = parse(content)
    if parsed.errors or not isinstance(parsed.document, dict):
        why = parsed.errors[0].message if parsed.errors else "項目の組ではありません。"
        raise BundleError(f"ファイル「{_shown(one.name)}」: {why}")
    if canonical_bytes(parsed.document) != content:
        raise BundleError(f"ファイル「{_shown(one.name)}」が正準の形（鍵の順、空白なし）ではありません。")
    if (parsed.document.get("form"), parsed.document.get("form_version")) != (one.form, one.form_version):
        raise BundleError(f"ファイル「{_shown(one.name)}」の様式が、目録と異なります。")
    return parsed.document


def _changes(content: bytes) -> tuple[ChangeRow, ...]:
    try:
        rows = _ROWS.validate_json(content)
    except ValidationError:
        raise BundleError(f"ファイル「{CHANGES}」の書き方が正しくありません。") from None
    if canonical_bytes([row.model_dump(mode="json") for row in rows]) != content:
        raise BundleError(f"ファイル「{CHANGES}」が正準の形（鍵の順、空白なし）ではありません。")
    return rows


def _shown(name: str) -> str:
    return "".join(letter if letter.isprintable() else "�" for letter in name)[:60]
