"""偽の行為の知らせ: auditors and team of every body are told, once a day."""

from __future__ import annotations

from datetime import date

from guideline.forged_acts import told_of_forged_acts
from tests.guideline.demo_organisation import data, read

ON = date(2026, 6, 1)


def test_auditors_and_team_are_told_how_many_of_what() -> None:
    told = told_of_forged_acts(read(data()), on=ON, refused={"not_signed": 7, "bad_signature": 3, "stage": 2})
    assert {one.person for one in told} == {"auditor", "team-lead", "team-member"}
    assert [one.notice_id for one in told] == [f"forged-acts/2026-06-01>{one.person}" for one in told]
    assert all("署名なし 7件、署名が合わない 3件" in one.subject for one in told)
    assert all("送り元を確かめてください" in one.subject for one in told)
