"""共用の机 (shared desk): what was begun by one person and sent under another's sign-in. Improvement report, item 1."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from guideline.notices import shortened
from schemas.records import Notice

if TYPE_CHECKING:
    from schemas.organisation import Person

_KEY_LENGTH = 32


def told_of_foreign_form(*, begun_by: str, mark: str, page: str, by: Person) -> Notice:
    """Say what the person is told who began what another went on with; tried again, it is the same notice.

    `mark` is that of the sign-in in which it was begun. Who tried stands behind the colon: a mail's subject is seen
    by whoever passes it on.
    """
    key = hashlib.sha256(f"{mark}\n{page}\n{by.id}".encode()).hexdigest()[:_KEY_LENGTH]
    what = "あなたが書き始めた様式を、別の人が続けようとしたため、受け付けませんでした"
    do = "何も記録していません。席を離れるときは、サインアウトしてください。"
    return Notice(
        notice_id=f"desk/{key}>{begun_by}",
        person=begun_by,
        review_id=None,
        assessment_id=None,
        subject=shortened(f"{what}: {by.name}。{do}"),
        urgent=True,
    )
