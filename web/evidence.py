"""根拠資料 (evidence): files become their names and SHA-256; the files themselves stay where they are."""

import hashlib
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from client.errors import InvalidInputError
from web.fields import Field, Kind
from web.posted import Posted

FILES, LINES = "evidence_files", "evidence_lines"

_LONGEST_TITLE = 200


def evidence_fields(*, required: bool = False) -> tuple[Field, ...]:
    """Give the fields: files to choose, and what was noted of those that were chosen before."""
    return (
        Field(
            FILES,
            "根拠資料のファイル",
            Kind.FILE,
            help=(
                "幾つでも選べます。名称と SHA-256（中身の指紋）を控えます。"
                "ファイルそのものは預からないので、手元に保管してください。"
            ),
            required=required,
            many=True,
        ),
        Field(
            LINES,
            "控えた根拠資料",
            Kind.LINES,
            help="選んだファイルはここに控えられます。書き加えるときは、一行に「名称 SHA-256」と書きます。",
        ),
    )


def with_evidence(posted: Posted) -> Posted:
    """Note the files that were sent, so that they need not be chosen again when the form comes back."""
    noted = [f"{name} {hashlib.sha256(content).hexdigest()}" for name, content in posted.files.get(FILES, [])]
    if not noted:
        return posted
    lines = [*posted.text(LINES).splitlines(), *noted]
    return replace(posted, values={**posted.values, LINES: ["\n".join(dict.fromkeys(lines))]})


def evidence_in(posted: Posted) -> list[dict[str, str]]:
    """Give the evidence that was noted; a line without a SHA-256 is given as it is, and refused."""
    return [_evidence(line.strip()) for line in posted.text(LINES).splitlines() if line.strip()]


def _evidence(line: str) -> dict[str, str]:
    title, *digest = line.rsplit(maxsplit=1)
    return {"title": title[-_LONGEST_TITLE:], "sha256": "".join(digest).lower()}


def put_evidence(content: dict[str, Any], posted: Posted) -> dict[str, Any]:
    """Put the evidence into the content of an act; what the two fields said stands there no longer."""
    said = {name: value for name, value in content.items() if name not in (FILES, LINES)}
    evidence = evidence_in(posted)
    return {**said, "evidence": evidence} if evidence else said


@contextmanager
def noted_at(within: str = "") -> Generator[None, None, None]:
    """Say at the field what is wrong with the evidence, which stands `within` a part of the content."""
    try:
        yield
    except InvalidInputError as error:
        for place in [one for one in error.at if one.startswith(f"{within}evidence")]:
            error.at[LINES] = error.at.pop(place)
        raise
