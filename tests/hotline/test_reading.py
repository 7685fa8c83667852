"""メールの読取り: what can be read is read, what can't be is said, and nothing raises."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest

from hotline.reading import read_mail
from schemas.canonical import sha256_of
from schemas.hotline import IncomingMail

AT = datetime(2026, 5, 2, 3, 0, tzinfo=UTC)
OURS = "example.jp"
KEY = "0123456789abcdef0123456789abcdef"


def read(content: bytes, *, envelope_sender: str | None = None) -> IncomingMail:
    return read_mail(content, received_at=AT, envelope_sender=envelope_sender, own_domain=OURS)


def mail(text: str = "別人の書類を渡した。", charset: str = "utf-8", **headers: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = "見本 窓口 <desk@example.jp>"
    message["Subject"] = headers.pop("subject", "誤交付のおそれ")
    message["Message-ID"] = headers.pop("message_id", "<one@example.jp>")
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text, charset=charset)
    return message


def raw(*lines: str, encoding: str = "utf-8") -> bytes:
    return "\r\n".join(lines).encode(encoding)


@pytest.mark.parametrize("charset", ["utf-8", "iso-2022-jp", "shift_jis", "euc-jp"])
def test_a_japanese_mail_is_read_in_its_charset(charset: str) -> None:
    found = read(mail(charset=charset).as_bytes())
    assert (found.title, found.text, found.sender) == ("誤交付のおそれ", "別人の書類を渡した。", "desk@example.jp")
    assert (found.obstacles, found.answers_us) == ((), False)


def test_of_a_page_and_a_text_the_text_is_read_and_attachments_stay_where_they_are() -> None:
    message = mail()
    message.add_alternative("<p>別の文</p>", subtype="html")
    message.add_attachment(b"\x00\x01", maintype="application", subtype="octet-stream", filename="a.bin")
    found = read(message.as_bytes())
    assert (found.text, found.obstacles) == ("別人の書類を渡した。", ())


def test_a_page_alone_is_read_as_text() -> None:
    message = mail()
    page = "<html><head><title>t</title></head><style>p{}</style><p>別人の&amp;書類</p><p>二行目</p></html>"
    message.set_content(page, subtype="html")
    assert read(message.as_bytes()).text == "別人の&書類\n二行目"


READABLE = [
    pytest.param(raw("From: desk@example.jp", "", "本文"), "", "本文", id="件名なし"),
    pytest.param(raw("Subject: =?utf-8?B?5Lu2?=", "", "本文"), "件", "本文", id="差出人なし"),
    pytest.param(
        raw("Subject: a", "", "本文", encoding="iso2022_jp"), "a", "本文", id="文字コードの記載のないISO-2022-JP"
    ),
    pytest.param(raw("Subject: a", "", "x\x07y\x00z"), "a", "xyz", id="制御文字"),
]


@pytest.mark.parametrize(("content", "title", "text"), READABLE)
def test_what_is_missing_does_not_make_a_mail_unreadable(content: bytes, title: str, text: str) -> None:
    found = read(content, envelope_sender="envelope@example.jp")
    assert (found.title, found.text, found.obstacles) == (title, text, ())
    assert found.sender in ("desk@example.jp", "envelope@example.jp")


_PLAIN = "Content-Type: text/plain; charset"
UNREADABLE = [
    pytest.param(b"", "本文の文字列がありません", id="空"),
    pytest.param(b"\xff\xfe\x00" * 50, "", id="ただのバイト列"),
    pytest.param(raw("Subject: a", "", ""), "本文の文字列がありません", id="本文なし"),
    pytest.param(
        raw("Subject: a", f"{_PLAIN}=x-nowhere", "", "本文"), "「x-nowhere」を知りません", id="知らない文字コード"
    ),
    pytest.param(
        raw("Subject: a", f"{_PLAIN}=utf-8", "", "本文", encoding="cp932"), "読めない文字", id="違う文字コード"
    ),
    pytest.param(raw("Subject: =?x-no?B?//8=?=", "", "本文"), "件名に読めない文字", id="件名の文字コード"),
    pytest.param(
        raw("Content-Type: multipart/mixed", "", "--a", "", "本文"), "MIME が壊れています", id="境界のないマルチパート"
    ),
    pytest.param(
        raw('Content-Type: multipart/mixed; boundary="a"', "", "--a", "", "本文"),
        "MIME が壊れています",
        id="途中で切れた",
    ),
    pytest.param(
        raw("Content-Type: text/plain", "Content-Transfer-Encoding: base64", "", "5Lu2=*x"), "", id="壊れたbase64"
    ),
    pytest.param(raw("Content-Type: application/pdf", "", "%PDF"), "本文の文字列がありません", id="文書だけ"),
]


@pytest.mark.parametrize(("content", "words"), UNREADABLE)
def test_what_can_not_be_read_says_why(content: bytes, words: str) -> None:
    found = read(content)
    assert found.obstacles
    assert any(words in one for one in found.obstacles)
    assert found.sha256 == sha256_of(content)
    found.model_dump_json().encode()


def test_whatever_comes_something_is_read() -> None:
    chance = random.Random(20230626)  # noqa: S311 # nobody guards anything with it
    whole = mail().as_bytes() + raw("--a", "=?iso-2022-jp?B?x?=", "Content-Type: multipart/report; boundary=")
    for _ in range(500):
        content = bytearray(whole)
        for _ in range(chance.randrange(1, 20)):
            content[chance.randrange(len(content))] = chance.randrange(256)
        read(bytes(content)).model_dump_json().encode()


def test_the_same_mail_by_two_ways_is_one_and_another_text_under_its_id_is_another() -> None:
    one, other, nameless = mail().as_bytes(), mail("別の事案である。").as_bytes(), raw("Subject: a", "", "本文")
    again = b"Received: from elsewhere\r\n" + one
    assert read(one).identity == read(again).identity
    assert read(one).sha256 != read(again).sha256
    assert read(one).identity != read(other).identity
    assert read(nameless).identity == sha256_of(nameless)


ANSWERS = [
    pytest.param({"message_id": f"<{KEY}@{OURS}>", "Auto_Submitted": "auto-generated"}, True, id="こちらの知らせ"),
    pytest.param({"In_Reply_To": f"<{KEY}@{OURS}>", "Auto_Submitted": "auto-replied"}, True, id="不在の応答"),
    pytest.param({"In_Reply_To": f"<{KEY}@{OURS}>"}, False, id="人の返信"),
    pytest.param({"In_Reply_To": f"<{KEY}@{OURS}>", "Auto_Submitted": "no"}, False, id="自動でないとする返信"),
    pytest.param({"Auto_Submitted": "auto-generated"}, False, id="監視の自動の通報"),
    pytest.param({"In_Reply_To": f"<{KEY}@elsewhere.jp>", "Auto_Submitted": "auto-replied"}, False, id="よその知らせ"),
]


@pytest.mark.parametrize(("headers", "answers"), ANSWERS)
def test_what_answers_our_own_notice_is_told_apart(headers: dict[str, str], *, answers: bool) -> None:
    assert read(mail(**headers).as_bytes()).answers_us is answers


def test_a_bounce_of_our_own_notice_is_told_apart() -> None:
    bounce = mail(f"<{KEY}@{OURS}> could not be delivered").as_bytes()
    assert read(bounce, envelope_sender="").answers_us
    assert not read(bounce, envelope_sender="desk@example.jp").answers_us
    assert not read_mail(bounce, received_at=AT, envelope_sender="").answers_us
