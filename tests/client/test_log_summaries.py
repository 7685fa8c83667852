"""ログの集計: rows of a CSV become a paper, in UTF-8 or Shift_JIS; every fault is told by its row."""

from __future__ import annotations

import pytest

from client import csv_reading
from client.csv_reading import read_table
from client.errors import InvalidInputError
from client.log_summaries import COLUMNS, summary_from

HEAD = "日付,件数,異常\n"
GOOD = HEAD + '2023-11-02,"1,200",\n2023/11/1,3,"深夜の閲覧\n大量の出力"\n\n'


@pytest.mark.parametrize(
    ("codec", "encoding"), [("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8"), ("cp932", "Shift_JIS（CP932）")]
)
def test_rows_are_added_up_in_whatever_order_and_encoding(codec: str, encoding: str) -> None:
    summary = summary_from(GOOD.encode(codec))
    assert summary.encoding == encoding
    assert summary.paper == {
        "first_on": "2023-11-01",
        "last_on": "2023-11-02",
        "volume": 1203,
        "anomalies": ["2023-11-01: 深夜の閲覧", "2023-11-01: 大量の出力"],
    }


BAD = [
    pytest.param("", "表が空です", id="空"),
    pytest.param("日付,件数\n2023-11-01,3\n", "列「異常」がありません", id="列がない"),
    pytest.param(HEAD + "2023-11-01,3,,深夜\n", "2行目: 列の数が、題名より多くあります", id="列の数"),
    pytest.param(HEAD + "2023-11-31,3,\n", "日付「2023-11-31」を読めません", id="ない日"),
    pytest.param(HEAD + "きのう,3,\n", "日付「きのう」を読めません", id="日でない"),
    pytest.param(HEAD + "2023-11-01,-3,\n", "0以上の整数ではありません", id="負の数"),
    pytest.param(HEAD + "2023-11-01,3,\n2023-11-01,4,\n", "3行目: 2023-11-01 は2行目にもあります", id="同じ日"),
    pytest.param(HEAD + "2023-11-01,3,\n2023-11-03,4,\n", "2023-11-02 の行がありません", id="抜けた日"),
    pytest.param(HEAD, "一件も書かれていません", id="見出しだけ"),
    pytest.param(HEAD + '2023-11-01,3,"閉じない\n', "表として読めません", id="閉じない引用"),
]


@pytest.mark.parametrize(("text", "words"), BAD)
def test_what_is_wrong_is_told(text: str, words: str) -> None:
    with pytest.raises(InvalidInputError) as invalid:
        summary_from(text.encode())
    assert words in " ".join((invalid.value.message, *invalid.value.faults))


def test_other_encodings_and_huge_files_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InvalidInputError, match="UTF-8 でも Shift_JIS でもありません"):
        summary_from(b"\x81")
    monkeypatch.setattr(csv_reading, "LARGEST_TABLE", 10)
    with pytest.raises(InvalidInputError, match="大きすぎます"):
        read_table(GOOD.encode(), COLUMNS, where="集計")
