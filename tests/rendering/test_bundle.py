"""持ち運び用の一式: what goes out comes back the same, and what was tampered with does not come in."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guideline.renditions import Rendition
from rendering import bundle as bundling
from rendering.bundle import BundleError, bundle, edition_from, is_bundle
from rendering.edition import public_edition
from schemas.canonical import canonical_bytes, digest_of, sha256_of
from schemas.levels import Level
from tests.filled import filled
from tests.rendering.editions import edition, row

_TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=60).filter(
    str.strip
)
_EDITIONS = st.builds(
    lambda note, **facts: edition(filled("basic_items") | {"more": note}, filled("all_items"), **facts),
    st.recursive(_TEXT | st.booleans() | st.none(), lambda inner: st.lists(inner, max_size=3), max_leaves=5),
    number=_TEXT,
    name=_TEXT,
    version=st.integers(1, 10_000),
    published_on=st.dates(date(1990, 1, 1)),
    required_level=st.sampled_from(Level),
    rendition=st.sampled_from(Rendition),
    systems=st.lists(_TEXT, max_size=3).map(tuple),
    changes=st.lists(st.builds(row, _TEXT, _TEXT, _TEXT), max_size=3).map(tuple),
)


@settings(max_examples=40, deadline=None)
@given(_EDITIONS)
def test_what_was_written_and_read_is_written_the_same(given_edition: Any) -> None:
    content = bundle(given_edition)
    assert is_bundle(content)
    back = edition_from(content)
    assert bundle(back) == content
    assert (back.documents, back.changes, back.digest) == (
        given_edition.documents,
        given_edition.changes,
        given_edition.digest,
    )


def test_the_manifest_says_what_is_inside_with_its_hashes() -> None:
    one = edition()
    with zipfile.ZipFile(BytesIO(bundle(one))) as packed:
        assert packed.namelist() == [
            *("changes.json", "documents/1-basic_items.json", "documents/2-all_items.json", "manifest.json")
        ]
        assert {info.date_time for info in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        manifest = json.loads(packed.read("manifest.json"))
        document = packed.read("documents/2-all_items.json")
    assert document == canonical_bytes(filled("all_items"))
    assert manifest["documents"][1] == {
        "name": "documents/2-all_items.json",
        "form": "all_items",
        "form_version": "2024-10",
        "sha256": sha256_of(document),
    }
    assert (manifest["assessment_id"], manifest["version"], manifest["published_on"]) == ("sample-1", 2, "2026-04-01")
    assert (manifest["rendition"], manifest["digest"]) == ("full", one.digest)


def test_a_public_bundle_holds_no_hash_of_the_full_documents() -> None:
    full = edition(filled("all_items", withheld={"/files/0/storage/period": "rule_10_2"}))
    public = public_edition(full)
    told = json.dumps([_packed(bundle(public))["manifest.json"].decode()])
    assert full.digest not in told
    assert digest_of(full.documents[0]) not in told
    assert edition_from(bundle(public)).rendition is Rendition.PUBLIC


def _packed(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(content)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def _pack(*files: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, content in files:
            packed.writestr(zipfile.ZipInfo(name), content, method)
    return out.getvalue()


_GOOD = _packed(bundle(edition(filled("basic_items"))))
_DOCUMENT = "documents/1-basic_items.json"


def _with(**changed: bytes) -> bytes:
    files = {
        **_GOOD,
        **{name.replace("__", "/").replace("_json", ".json"): content for name, content in changed.items()},
    }
    return _pack(*files.items())


def _manifest(change: Callable[[dict[str, Any]], object]) -> bytes:
    manifest = json.loads(_GOOD["manifest.json"])
    change(manifest)
    return _pack(*{**_GOOD, "manifest.json": canonical_bytes(manifest)}.items())


def _consistently(content: bytes, **facts: str) -> bytes:
    """Put another document in, with all its hashes right."""
    manifest = json.loads(_GOOD["manifest.json"])
    manifest["documents"][0] |= {"sha256": sha256_of(content), **facts}
    entry = {key: manifest["documents"][0][key] for key in ("form", "form_version", "sha256")}
    manifest["digest"] = digest_of({"documents": [entry]})
    return _pack(*{**_GOOD, _DOCUMENT: content, "manifest.json": canonical_bytes(manifest)}.items())


def _changes(content: bytes) -> bytes:
    manifest = json.loads(_GOOD["manifest.json"])
    manifest["changes_sha256"] = sha256_of(content)
    return _pack(*{**_GOOD, "changes.json": content, "manifest.json": canonical_bytes(manifest)}.items())


def _encrypted() -> bytes:
    content = bytearray(_pack(*_GOOD.items()))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.find(signature) + offset] |= 1
    return bytes(content)


def _twice() -> bytes:
    with pytest.warns(UserWarning, match="Duplicate name"):
        return _pack(*_GOOD.items(), ("changes.json", b"[]"))


def _renamed() -> bytes:
    return _pack(*_GOOD.items(), ("changes.jsonX", b"[]")).replace(b"changes.jsonX", b"changes.json\0")


BAD: list[Any] = [
    pytest.param(lambda: b"", "ZIP として読めません", id="空"),
    pytest.param(lambda: bundle(edition())[:-30], "ZIP として読めません", id="途中まで"),
    pytest.param(
        lambda: _pack(*_GOOD.items()).replace(b"PK\x01\x02", b"PK\x01\x03"), "ZIP として読めません", id="壊れた目次"
    ),
    pytest.param(_pack, "目録（manifest.json）がありません", id="目録がない"),
    pytest.param(
        lambda: _pack(*[(k, v) for k, v in _GOOD.items() if k != "changes.json"]),
        "ファイル「changes.json」がありません",
        id="変更箇所がない",
    ),
    pytest.param(
        lambda: _pack(*[(k, v) for k, v in _GOOD.items() if k != _DOCUMENT]),
        f"ファイル「{_DOCUMENT}」がありません",
        id="文書がない",
    ),
    pytest.param(lambda: _with(more_json=b"{}"), "目録にないファイル「more.json」があります", id="余分なファイル"),
    pytest.param(_twice, "ファイル「changes.json」が二度現れます", id="重複"),
    pytest.param(_renamed, "は使えません", id="名の中の空文字"),
    pytest.param(lambda: _pack(*_GOOD.items(), ("../x", b"")), "ファイル名「../x」は使えません", id="上の階層"),
    pytest.param(lambda: _pack(*_GOOD.items(), ("/x", b"")), "ファイル名「/x」は使えません", id="絶対の場所"),
    pytest.param(lambda: _pack(*_GOOD.items(), ("a\\b", b"")), "は使えません", id="逆斜線"),
    pytest.param(lambda: _pack(*_GOOD.items(), *((str(n), b"") for n in range(20))), "多すぎます（23件", id="多すぎる"),
    pytest.param(_encrypted, "暗号化されている", id="暗号化"),
    pytest.param(lambda: _pack(*_GOOD.items(), method=zipfile.ZIP_BZIP2), "知らない方式で圧縮", id="知らない圧縮"),
    pytest.param(lambda: _with(**{_DOCUMENT: b"{}"}), "目録のSHA-256と異なります", id="文書の改変"),
    pytest.param(lambda: _with(changes_json=b"[]"), "「changes.json」の内容が、目録のSHA-256", id="変更箇所の改変"),
    pytest.param(lambda: _with(manifest_json=b"{}"), "目録の書き方が正しくありません", id="空の目録"),
    pytest.param(lambda: _with(manifest_json=b"\xff"), "目録の書き方が正しくありません（全体）", id="文字でない目録"),
    pytest.param(lambda: _with(manifest_json=b" " + _GOOD["manifest.json"]), "目録が正準の形", id="正準でない目録"),
    pytest.param(lambda: _with(manifest_json=b" " * 1_000_001), "目録が大きすぎます", id="大きな目録"),
    pytest.param(lambda: _manifest(lambda m: m.update(format_version=2)), "（format_version）", id="知らない書式"),
    pytest.param(lambda: _manifest(lambda m: m.update(more=1)), "（more）", id="知らない項目"),
    pytest.param(lambda: _manifest(lambda m: m.update(digest="0" * 64)), "一式のSHA-256が、", id="一式のSHA-256"),
    pytest.param(
        lambda: _manifest(lambda m: m["documents"].append(m["documents"][0])), "二度現れます", id="目録の重複"
    ),
    pytest.param(lambda: _consistently(b"[]"), "項目の組ではありません", id="組でない文書"),
    pytest.param(lambda: _consistently(b"{"), "JSONの書き方", id="読めない文書"),
    pytest.param(lambda: _consistently(b"{ }"), "正準の形", id="正準でない文書"),
    pytest.param(lambda: _consistently(b"{}"), "様式が、目録と異なります", id="様式の違い"),
    pytest.param(lambda: _changes(b"{}"), "「changes.json」の書き方", id="変更箇所の書き方"),
    pytest.param(lambda: _changes(b"[ ]"), "「changes.json」が正準の形", id="正準でない変更箇所"),
]


@pytest.mark.parametrize(("content", "says"), BAD)
def test_what_is_not_as_the_manifest_says_is_refused(content: Callable[[], bytes], says: str) -> None:
    with pytest.raises(BundleError) as refused:
        edition_from(content())
    assert says in str(refused.value)


def test_a_file_that_unpacks_to_too_much_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundling, "LARGEST_BUNDLE", 100_000)
    bomb = _pack(*_GOOD.items(), ("bomb", b"\0" * 5_000_000))
    assert len(bomb) < 100_000
    with pytest.raises(BundleError, match=r"広げると大きすぎます（上限100,000バイト）"):
        edition_from(bomb)
    with pytest.raises(BundleError, match=r"^大きすぎます（上限100,000バイト）"):
        edition_from(b"PK" * 100_000)


def _bent(at: int, by: int) -> bytes:
    """Change one byte of a good bundle."""
    content = bytearray(bundle(edition(filled("basic_items"))))
    content[at % len(content)] ^= by
    return bytes(content)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200) | st.builds(_bent, st.integers(0, 10_000), st.integers(1, 255)))
def test_no_file_whatever_leads_to_anything_but_a_refusal_or_the_same_edition(content: bytes) -> None:
    try:
        back = edition_from(content)
    except BundleError:
        return
    assert _packed(bundle(back)) == _GOOD


def test_a_table_is_not_taken_for_a_bundle() -> None:
    assert not is_bundle("評価書の識別子,評価実施機関".encode())
