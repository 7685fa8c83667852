"""宛先の表: UTF-8 and Shift_JIS; all rows or none, and every fault by its row."""

from __future__ import annotations

import pytest

from client.errors import InvalidInputError
from client.recipients import MOST, read_recipients
from tests.workflows.circular_samples import MUNICIPALITIES, table

HEADER = "団体名,都道府県,電子メールアドレス"


def faults(*rows: str, header: str = HEADER) -> list[str]:
    with pytest.raises(InvalidInputError) as caught:
        read_recipients("\n".join([header, *rows]).encode())
    return [*caught.value.faults] or [caught.value.message]


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        pytest.param("utf-8", "UTF-8", id="UTF-8"),
        pytest.param("utf-8-sig", "UTF-8", id="BOM付き"),
        pytest.param("cp932", "Shift_JIS", id="Shift_JIS"),
    ],
)
def test_the_encoding_is_recognised_and_said(encoding: str, said: str) -> None:
    found = read_recipients(table(MUNICIPALITIES, encoding=encoding))
    assert (found.encoding, len(found.roll.members)) == (said, MUNICIPALITIES)
    first = found.roll.members[0]
    assert (first.member, first.name, first.mail) == ("010101", "北海道第0市", "city0@example.lg.jp")


@pytest.mark.parametrize("given", ["13", "東京都", "東京"])
def test_a_prefecture_is_told_by_code_or_name_and_makes_the_number(given: str) -> None:
    one = read_recipients(f"{HEADER}\n見本区,{given},a@example.lg.jp\n\n".encode()).roll.members[0]
    again = read_recipients(f"name,prefecture,mail\n見本区,{given},b@example.lg.jp".encode()).roll.members[0]
    assert one.member == again.member
    assert one.member.startswith("13-")


def test_every_fault_is_told_by_its_row() -> None:
    found = faults(
        "見本市,東京,a@example.lg.jp",
        ",東京,b@example.lg.jp",
        "見本町,江戸,c@example.lg.jp",
        "見本村,大阪,c.example.lg.jp",
        "見本市,東京都,d@example.lg.jp",
        "別の市,京都,A@example.lg.jp",
        "短い行",
    )
    assert found == [
        "3行目: 団体名を、1字から200字で書いてください。",
        "4行目: 都道府県「江戸」を知りません。コード（01から47）か名称で書いてください。",
        "5行目: 電子メールアドレス「c.example.lg.jp」の形が正しくありません。",
        "6行目: 団体名が2行目と同じです。",
        "7行目: 電子メールアドレスが2行目と同じです。",
        "8行目: 都道府県「」を知りません。コード（01から47）か名称で書いてください。",
        "8行目: 電子メールアドレス「」の形が正しくありません。",
    ]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        pytest.param("見本市,東京,a@example.lg.jp,13101x", "5桁か6桁の数字", id="数字でない"),
        pytest.param("見本市,東京,a@example.lg.jp,271004", "東京都のもの（13で始まる）ではありません", id="別の県"),
    ],
)
def test_a_code_is_of_its_prefecture(row: str, said: str) -> None:
    (found,) = faults(row, header=f"{HEADER},団体コード")
    assert said in found


def test_the_same_code_twice_is_told() -> None:
    found = faults(
        "甲市,東京,a@example.lg.jp,131016", "乙市,東京,b@example.lg.jp,131016", header=f"{HEADER},団体コード"
    )
    assert found == ["3行目: 団体コードが2行目と同じです。"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(b"", "一行も書かれていません", id="空"),
        pytest.param("団体名\n見本市".encode(), "列「都道府県」「電子メールアドレス」がありません", id="列がない"),
        pytest.param(b"\x81", "UTF-8 としても Shift_JIS としても読めません", id="ほかの文字コード"),
        pytest.param(f'{HEADER}\n"見本,1'.encode(), "CSV の形になっていません", id="引用符が閉じない"),
        pytest.param(HEADER.encode(), "1件から20,000件", id="宛先がない"),
        pytest.param(table(MOST + 1), "20,001件", id="多すぎる"),
    ],
)
def test_what_is_no_table_is_told(content: bytes, said: str) -> None:
    with pytest.raises(InvalidInputError, match=said):
        read_recipients(content)
