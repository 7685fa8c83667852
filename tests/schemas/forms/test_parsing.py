import json

import pytest

from schemas.forms.errors import pointer, shortened
from schemas.forms.parsing import LARGEST, parse, unbearable
from schemas.forms.validation import validate


def test_plain_json_is_read_with_its_numbers_as_they_are() -> None:
    parsed = parse(b'{"a": [1, -2, 2.5, true, null, "x"]}')
    assert parsed.errors == ()
    assert parsed.document == {"a": [1, -2, 2.5, True, None, "x"]}


def test_a_byte_order_mark_is_passed_over() -> None:
    assert parse(b"\xef\xbb\xbf{}").document == {}


@pytest.mark.parametrize(
    ("text", "rule", "words"),
    [
        (b'{"a": 1,\n "b" 2}', "malformed", "2行目の6文字目"),
        (b"", "malformed", "1行目の1文字目"),
        (b'{"a": 1, "b": 2, "a": 3}', "duplicate_key", "「a」が二つ以上"),
        (b'{"a": NaN}', "number", "「NaN」"),
        (b'{"a": -Infinity}', "number", "「-Infinity」"),
        (b'{"a": 1e999}', "number", "「1e999」"),
        (b'{"a": ' + b"9" * 5000 + b"}", "number", "999…」"),
        (b" " * (LARGEST + 1), "too_large", "1,000,001バイト"),
        (b"[" * 100_000, "too_deep", "入れ子"),
        (b"[" * 17 + b"]" * 17, "too_deep", "入れ子"),
        (b'{"a": "\\ud800"}', "surrogate", "サロゲート"),
        (b'{"\\udfff": 1}', "surrogate", "サロゲート"),
        (b'{"a": {"b": ["c\\u0000"]}}', "surrogate", "NUL"),
        (b'{"a\\u0000": 1}', "surrogate", "NUL"),
        (b'{"\\udfff": 1, "\\udfff": 1}', "duplicate_key", "「〓」"),
        ("評価書".encode("cp932"), "encoding", "1バイト目"),
    ],
    ids=[
        "壊れたJSON",
        "空",
        "重複する項目",
        "非数",
        "無限大",
        "大きすぎる小数",
        "長すぎる整数",
        "大きすぎる入力",
        "読めないほど深い入れ子",
        "深すぎる入れ子",
        "文の中のサロゲート",
        "項目名のサロゲート",
        "文の中のNUL",
        "項目名のNUL",
        "重複する項目名のサロゲート",
        "UTF-8でない文字",
    ],
)
def test_input_that_no_later_step_could_bear_is_refused_in_words(text: bytes, rule: str, words: str) -> None:
    parsed = parse(text)
    assert parsed.document is None
    assert parsed.errors[0].rule == rule
    assert words in parsed.errors[0].message
    parsed.errors[0].message.encode()
    parsed.errors[0].path.encode()


@pytest.mark.parametrize("size", [LARGEST, LARGEST + 1], ids=["上限", "上限を1バイト超える"])
def test_the_largest_input_is_exactly_a_million_bytes(size: int) -> None:
    refused = [error.rule for error in parse(b" " * (size - 2) + b"{}").errors]
    assert refused == (["too_large"] if size > LARGEST else [])


def test_nesting_of_sixteen_is_read() -> None:
    assert parse(b"[" * 16 + b"0" + b"]" * 16).errors == ()


def test_every_fault_of_readable_input_is_told_at_once() -> None:
    parsed = parse(b'{"b": "\\ud800", "a": "\\udc00", "n": NaN, "n": 1}')
    assert [(error.rule, error.path) for error in parsed.errors] == [
        ("duplicate_key", ""),
        ("number", ""),
        ("surrogate", "/a"),
        ("surrogate", "/b"),
    ]


def test_a_pair_of_surrogates_is_one_character() -> None:
    assert parse(b'"\\ud842\\udfb7"').document == "𠮷"


def test_data_that_was_never_text_is_looked_at_too() -> None:
    deep: list[object] = []
    for _ in range(5000):
        deep = [deep]
    assert [error.rule for error in unbearable(deep)] == ["too_deep"]
    assert [error.rule for error in validate({"form": deep})] == ["too_deep"]
    assert [error.rule for error in validate({"form": "\ud800"})] == ["surrogate"]


def test_a_document_whose_canonical_form_is_over_the_limit_is_refused() -> None:
    assert [error.rule for error in validate({"form": "あ" * 333_330})] == ["too_large"]
    assert len(json.dumps({"form": "あ" * 333_330}, ensure_ascii=False)) < LARGEST


def test_a_pointer_escapes_the_two_signs_of_its_own() -> None:
    assert pointer(("a/b", 0, "c~d")) == "/a~1b/0/c~0d"


def test_quoted_words_are_cut_and_kept_on_one_line() -> None:
    assert shortened("一\n二") == "一 二"
    assert shortened("あ" * 30) == "あ" * 30
    assert shortened("あ" * 31) == "あ" * 30 + "…"
