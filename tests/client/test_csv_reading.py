"""表の読取り: encodings, columns and lines; whatever the bytes are, a table or a sentence comes of them."""

from __future__ import annotations

import csv
import io
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.csv_reading import Columns, Encoding, read_table
from client.errors import InvalidInputError
from client.staff_rows import COMPLETIONS, STAFF, completions_of, staff_of
from schemas.organisation import Department

COLUMNS = Columns(
    titles=MappingProxyType({"member": "職員番号", "name": "氏名"}),
    needed=frozenset({"member"}),
    also=MappingProxyType({"識別子": "member"}),
)
TABLE = "職員番号,氏名\r\na1,見本　花子\r\n\r\na2,髙橋①\r\n"
DEPARTMENTS = (Department(id="accounts", body="digital-agency", name="口座登録担当"),)


@pytest.mark.parametrize(
    ("codec", "encoding"),
    [("utf-8", Encoding.UTF_8), ("utf-8-sig", Encoding.UTF_8), ("cp932", Encoding.SHIFT_JIS)],
)
def test_the_encoding_is_recognised_and_named(codec: str, encoding: Encoding) -> None:
    table = read_table(TABLE.encode(codec), COLUMNS, where="表")
    assert table.encoding is encoding
    assert encoding.label in {"UTF-8", "Shift_JIS（CP932）"}
    assert [(line.number, line.cells["name"]) for line in table.lines] == [(2, "見本　花子"), (4, "髙橋①")]


FAULTY = [
    pytest.param(TABLE.encode("utf-16"), "UTF-8 でも Shift_JIS でもありません", id="UTF-16"),
    pytest.param(b"", "表が空です", id="空"),
    pytest.param(b"\n\n", "表が空です", id="空行だけ"),
    pytest.param("職員番号\n".encode(), "一件も書かれていません", id="題名だけ"),
    pytest.param('職員番号\n"a'.encode(), "表として読めません", id="閉じない引用符"),
    pytest.param("番号,氏名\na,甲".encode(), "列の題名に誤り", id="知らない列"),
    pytest.param("職員番号,識別子\na,b".encode(), "列の題名に誤り", id="同じ列"),
    pytest.param("氏名\n甲".encode(), "列の題名に誤り", id="要る列がない"),
    pytest.param("職員番号\na,b\nc\nd,e".encode(), "列の数が、題名より多い", id="多い列"),
]


@pytest.mark.parametrize(("content", "message"), FAULTY)
def test_what_is_no_table_is_said(content: bytes, message: str) -> None:
    with pytest.raises(InvalidInputError, match=message):
        read_table(content, COLUMNS, where="表")


def test_every_fault_of_the_columns_and_every_line_that_is_too_long_is_named() -> None:
    with pytest.raises(InvalidInputError) as columns:
        read_table("氏名,氏名,色\n甲,乙,赤".encode(), COLUMNS, where="表")
    assert columns.value.faults == (
        "知らない列「色」があります。",
        "列「氏名」が二度現れます。",
        "列「職員番号」がありません。",
    )
    with pytest.raises(InvalidInputError) as lines:
        read_table("職員番号\na,b\nc\nd,e".encode(), COLUMNS, where="表")
    assert [fault[:3] for fault in lines.value.faults] == ["2行目", "4行目"]


@given(st.binary(max_size=200))
def test_any_bytes_are_a_table_or_a_sentence(content: bytes) -> None:
    said: object
    try:
        said = read_table(content, COLUMNS, where="表").lines
    except InvalidInputError as error:
        said = error.message
    assert said


_CELL = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)


@given(st.lists(_CELL.filter(str.strip), min_size=1, max_size=20), st.sampled_from(["utf-8", "utf-8-sig"]))
def test_what_was_written_is_what_is_read(cells: list[str], codec: str) -> None:
    out = io.StringIO(newline="")
    csv.writer(out).writerows([["職員番号"], *([cell] for cell in cells)])
    table = read_table(out.getvalue().encode(codec), COLUMNS, where="表")
    assert [line.cells["member"] for line in table.lines] == [cell.strip() for cell in cells]


def test_people_are_read_by_name_or_number_of_their_department() -> None:
    content = "職員番号,氏名,所属,メール\nＡ１０,甲,口座登録担当,a@example.jp\nb-2,乙,accounts,\n"
    staff, faults = staff_of(read_table(content.encode("cp932"), STAFF, where="表").lines, departments=DEPARTMENTS)
    assert [(one.member, one.department, one.mail) for one in staff] == [
        ("a10", "accounts", "a@example.jp"),
        ("b-2", "accounts", None),
    ]
    assert faults == []


def test_every_fault_of_people_is_said_row_by_row() -> None:
    rows = (
        "a1,甲,accounts,",
        "A1,甲の二,accounts,",
        "a2,,accounts,",
        "a3,乙,夢の部署,",
        "a 4,丙,accounts,",
        "a5,丁,accounts,住所",
        ",戊,,",
    )
    content = "\n".join(("職員番号,氏名,部署,メールアドレス", *rows)).encode()
    staff, faults = staff_of(read_table(content, STAFF, where="表").lines, departments=DEPARTMENTS)
    assert [one.member for one in staff] == ["a1"]
    assert faults == [
        "3行目 職員番号: 「a1」は、2行目にもあります。一行にしてください。",
        "4行目 氏名: 書かれていません。",
        "5行目 部署: 「夢の部署」という部署は、組織表にありません。",
        "6行目 職員番号: 使えない文字か形です（64字までの英小文字と数字、. _ -）。",
        "7行目 メールアドレス: メールアドレス（例 name@example.jp）で書いてください。",
        "8行目 職員番号: 書かれていません。",
        "8行目 部署: 書かれていません。",
    ]


def test_completions_are_read_as_people_write_days() -> None:
    rows = ("a1,2023/9/1", "a2,令和5年9月2日", "a3,2023-13-01", "a1,2023-09-03", "a4,", "あ,2023-09-03")
    content = "\n".join(("職員番号,受講日", *rows)).encode("cp932")
    found, faults = completions_of(read_table(content, COMPLETIONS, where="表").lines)
    assert [(one.member, one.completed_on.isoformat()) for _, one in found] == [
        ("a1", "2023-09-01"),
        ("a2", "2023-09-02"),
    ]
    assert [fault.partition(":")[0] for fault in faults] == [
        "4行目 受講日",
        "5行目 職員番号",
        "6行目 受講日",
        "7行目 職員番号",
    ]
