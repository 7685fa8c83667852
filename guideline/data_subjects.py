"""対象人数 (data subjects): the persons of all files of one business, but for the files that 規則4条 excludes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from guideline.provisions import (
    RULE_4_1,
    RULE_4_2,
    RULE_4_3,
    RULE_4_4,
    RULE_4_5,
    RULE_4_6,
    RULE_4_7,
    Provision,
)
from guideline.threshold import refuse_negative, thresholds
from schemas.organisation import BodyKind


class BodyCategory(StrEnum):
    """行政機関の長等の種類 (category of body), 番号法2条15項. `kind` is the group that the procedure knows."""

    ADMINISTRATIVE_ORGAN = "administrative_organ"  # 行政機関の長
    LOCAL_GOVERNMENT_ORGAN = "local_government_organ"  # 地方公共団体の機関
    INCORPORATED_AGENCY = "incorporated_agency"  # 独立行政法人等
    LOCAL_INCORPORATED_AGENCY = "local_incorporated_agency"  # 地方独立行政法人
    INFORMATION_SYSTEMS_AGENCY = "information_systems_agency"  # 地方公共団体情報システム機構
    INFORMATION_REQUESTER = "information_requester"  # 情報照会者（19条8号）
    INFORMATION_PROVIDER = "information_provider"  # 情報提供者（19条8号）
    ORDINANCE_REQUESTER = "ordinance_requester"  # 条例事務関係情報照会者（19条9号）
    ORDINANCE_PROVIDER = "ordinance_provider"  # 条例事務関係情報提供者（19条9号）

    @property
    def kind(self) -> BodyKind:
        """The group: 地方公共団体等 (規則2条3号) or the others."""
        local = self in (BodyCategory.LOCAL_GOVERNMENT_ORGAN, BodyCategory.LOCAL_INCORPORATED_AGENCY)
        return BodyKind.LOCAL_GOVERNMENT if local else BodyKind.ADMINISTRATIVE_BODY


class Exclusion(StrEnum):
    """実施が義務付けられないもの (exclusion), 規則4条1号-7号."""

    HR_ONLY = "hr_only"  # 専ら人事・給与・福利厚生
    MANUAL = "manual"  # 手作業処理用ファイル
    UNDER_1000 = "under_1000"  # 事務の対象人数の総数が1,000人未満
    HEALTH_INSURANCE_SOCIETY = "health_insurance_society"  # 健康保険組合
    MUTUAL_AID_ASSOCIATION = "mutual_aid_association"  # 共済組合等
    IS_PRIVATE = "is_private"  # 情報照会者・情報提供者等の、情報連携に用いないファイル
    BOARD_OF_AUDIT = "board_of_audit"  # 会計検査院

    @property
    def provision(self) -> Provision:
        """The clause that excludes."""
        return _EXCLUDED_BY[self]


_EXCLUDED_BY: Mapping[Exclusion | None, Provision] = MappingProxyType(
    dict(zip(Exclusion, (RULE_4_1, RULE_4_2, RULE_4_3, RULE_4_4, RULE_4_5, RULE_4_6, RULE_4_7), strict=True))
)

_NAMED_BY_RULE_4_6 = frozenset(
    {BodyCategory.INFORMATION_REQUESTER, BodyCategory.INFORMATION_PROVIDER, BodyCategory.ORDINANCE_PROVIDER}
)


@dataclass(frozen=True, slots=True)
class FileCount:
    """特定個人情報ファイルの本人の数 (count of one file), and the exclusion that it is held to fall under.

    Raises ValueError for a negative number, and for `UNDER_1000`, which is of the business and never of one file.
    """

    name: str
    data_subjects: int
    exclusion: Exclusion | None = None

    def __post_init__(self) -> None:
        refuse_negative(f"「{self.name}」の本人の数", self.data_subjects)
        if self.exclusion is Exclusion.UNDER_1000:
            raise ValueError(
                f"「{self.name}」: {RULE_4_3.article}は事務全体の総数によるもので、一つのファイルには指定できません。"
            )


@dataclass(frozen=True, slots=True)
class CountedDataSubjects:
    """対象人数 (data subjects) of one business: the total, the files left out, and those that a person must decide on.

    Files to be decided on are in the total. `exclusion` is `UNDER_1000` where the total is below its number.
    """

    total: int
    left_out: tuple[FileCount, ...]
    to_be_decided: tuple[FileCount, ...]
    exclusion: Exclusion | None
    reasons: tuple[str, ...]
    provisions: tuple[Provision, ...]
    confirmed: bool


def counted_data_subjects(files: Sequence[FileCount], *, holder: BodyCategory, on: date) -> CountedDataSubjects:
    """Add up the persons of all files of one business but for those that 規則4条1号, 2号 and 4-7号 exclude.

    `IS_PRIVATE` (6号) leaves a file out only for the bodies that it names; for a public body its third limb can be read
    too widely, so a person decides. How a person in two files counts is not settled: they are added up, and the count
    is not confirmed where that can change the band. Raises NotInForceError for a day before the first thresholds.
    """
    row = thresholds(on=on)
    to_be_decided = tuple(file for file in files if _needs_a_person(file, holder))
    left_out = tuple(file for file in files if file.exclusion is not None and not _needs_a_person(file, holder))
    counted = [file.data_subjects for file in files if file not in left_out]
    total = sum(counted)
    settled = row.band_of(max(counted, default=0)) == row.band_of(total)
    below = total < row.assessed_from
    reasons = [f"{_named(file)}は、{_clause(file).article}に当たるため数えません。" for file in left_out]
    reasons += [
        f"{_named(file)}が{_clause(file).article}に当たるかは、人が判断する必要があります。判断されるまでは数えます。"
        for file in to_be_decided
    ]
    reasons.append(
        f"数えた{len(counted)}ファイルの本人の数は合わせて{total:,}人で、"
        f"{row.assessed_from:,}人{'未満' if below else '以上'}です。"
    )
    if not settled:
        reasons.append("同じ本人が複数のファイルにあるときの数え方は要確認です。安全側をとって合算しました。")
    return CountedDataSubjects(
        total=total,
        left_out=left_out,
        to_be_decided=to_be_decided,
        exclusion=Exclusion.UNDER_1000 if below else None,
        reasons=tuple(reasons),
        provisions=tuple(dict.fromkeys([RULE_4_3, *(_clause(file) for file in (*left_out, *to_be_decided))])),
        confirmed=settled and not to_be_decided,
    )


def _needs_a_person(file: FileCount, holder: BodyCategory) -> bool:
    return file.exclusion is Exclusion.IS_PRIVATE and holder not in _NAMED_BY_RULE_4_6


def _named(file: FileCount) -> str:
    return f"「{file.name}」（{file.data_subjects:,}人）"


def _clause(file: FileCount) -> Provision:
    return _EXCLUDED_BY[file.exclusion]
