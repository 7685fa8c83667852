"""事前通知 (prior notice): whether publication stands for the notice to the Commission under 個人情報保護法74条1項."""

from __future__ import annotations

from dataclasses import dataclass

from guideline.provisions import LAW_28_5, Provision
from schemas.courses import Course
from schemas.levels import Level
from schemas.organisation import BodyKind


@dataclass(frozen=True, slots=True)
class PriorNotice:
    """事前通知の要否 (prior notice): what the body has to do about it beside the assessment, and why."""

    to_be_checked: bool
    sentence: str
    provisions: tuple[Provision, ...]
    confirmed: bool


def prior_notice(*, level: Level, body_kind: BodyKind, course: Course) -> PriorNotice:
    """Say whether a separate prior notice of the file must be thought of (番号法28条5項, 個情法74条).

    Only organs of the State owe one, so it is a person who decides: bodies that are neither are told so.
    """
    if body_kind is BodyKind.LOCAL_GOVERNMENT:
        return PriorNotice(
            to_be_checked=False,
            sentence="地方公共団体の機関及び地方独立行政法人に、個人情報保護法第74条の事前通知の義務はありません。",
            provisions=(LAW_28_5,),
            confirmed=True,
        )
    if course is Course.REASSESS and level is Level.ALL_ITEMS:
        return PriorNotice(
            to_be_checked=False,
            sentence="承認を受けた全項目評価書を公表したときは、個人情報保護法第74条第1項の事前通知を行ったものとみなされます。",
            provisions=(LAW_28_5,),
            confirmed=True,
        )
    if course is Course.REASSESS and level is Level.PRIORITY_ITEMS:
        return PriorNotice(
            to_be_checked=False,
            sentence="重点項目評価書を提出・公表したときも、事前通知に準じて扱われます（要確認）。",
            provisions=(LAW_28_5,),
            confirmed=False,
        )
    return PriorNotice(
        to_be_checked=True,
        sentence=(
            "この公表は事前通知とみなされません。行政機関で、通知した事項に変更があるときは、変更の前に"
            "個人情報保護法第74条第1項の通知が要るかを確かめてください（独立行政法人等には義務がありません）。"
        ),
        provisions=(LAW_28_5,),
        confirmed=False,
    )
