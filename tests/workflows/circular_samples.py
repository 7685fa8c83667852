"""事務連絡の見本 (sample circulars): tables of recipients, and what a mail server that fails at times does to them."""

from __future__ import annotations

import re
from email.message import EmailMessage
from typing import Any

from guideline.prefectures import PREFECTURES
from tests.house import as_json
from tests.workflows.planning import in_days

MUNICIPALITIES = 1741

LINK = re.compile(r"https?://\S+/acknowledge/(\S+)")


def circular(**more: Any) -> bytes:
    """Give the content of the act that opens a circular."""
    given = {
        "department": "privacy",
        "title": "支援窓口でのログアウトの徹底について",
        "due_on": in_days(30).isoformat(),
        "content": {"number": "事務連絡第1号", "dated_on": "2023-05-23", "text": "ログアウトを徹底されたい。𠮷"},
    }
    return as_json(**{**given, **more})


def table(number: int, *, encoding: str = "utf-8") -> bytes:
    """Give a table of so many recipients, spread over all prefectures, each with a code and an address of its own."""
    lines = ["団体コード,団体名,都道府県,電子メールアドレス"]
    for one in range(number):
        prefecture = PREFECTURES[f"{one % 47 + 1:02d}"]
        code = f"{prefecture.code}{one // 47 + 101:04d}"
        lines.append(f"{code},{prefecture.short}第{one}市,{prefecture.name},city{one}@example.lg.jp")
    return "\r\n".join(lines).encode(encoding)


def recipient(letter: EmailMessage) -> str:
    return str(letter["To"]).partition("<")[2].rstrip(">")


def token_in(letter: EmailMessage) -> str:
    found = LINK.search(letter.get_content())
    assert found
    return found[1]
