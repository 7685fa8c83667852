from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guideline.data_subjects import (
    BodyCategory,
    CountedDataSubjects,
    Exclusion,
    FileCount,
    counted_data_subjects,
)
from guideline.provisions import NotInForceError
from schemas.organisation import BodyKind

_TODAY = date(2026, 6, 1)
_MAYOR = BodyCategory.LOCAL_GOVERNMENT_ORGAN
_OF_ONE_FILE = [one for one in Exclusion if one is not Exclusion.UNDER_1000]


def _counted(*files: FileCount, holder: BodyCategory = _MAYOR) -> CountedDataSubjects:
    return counted_data_subjects(files, holder=holder, on=_TODAY)


@pytest.mark.parametrize(("total", "exclusion"), [(999, Exclusion.UNDER_1000), (1_000, None)], ids=["999人", "1,000人"])
def test_a_business_of_fewer_than_1000_persons_is_excluded(total: int, exclusion: Exclusion | None) -> None:
    found = _counted(FileCount("宛名", total))
    assert (found.total, found.exclusion, found.confirmed) == (total, exclusion, True)
    side = "未満" if exclusion else "以上"
    assert found.reasons == (f"数えた1ファイルの本人の数は合わせて{total:,}人で、1,000人{side}です。",)


def test_small_files_are_added_together() -> None:
    found = _counted(FileCount("宛名", 600), FileCount("収納", 400))
    assert (found.total, found.exclusion) == (1_000, None)


@pytest.mark.parametrize(
    "exclusion", [one for one in _OF_ONE_FILE if one is not Exclusion.IS_PRIVATE], ids=lambda one: one.provision.article
)
def test_an_excluded_file_is_not_counted(exclusion: Exclusion) -> None:
    excluded = FileCount("職員", 5_000, exclusion)
    found = _counted(FileCount("宛名", 999), excluded)
    assert (found.total, found.left_out, found.exclusion) == (999, (excluded,), Exclusion.UNDER_1000)
    assert found.reasons[0] == f"「職員」（5,000人）は、{exclusion.provision.article}に当たるため数えません。"
    assert exclusion.provision in found.provisions


@pytest.mark.parametrize(
    ("holder", "decided"),
    [
        (BodyCategory.ADMINISTRATIVE_ORGAN, False),
        (BodyCategory.LOCAL_GOVERNMENT_ORGAN, False),
        (BodyCategory.INCORPORATED_AGENCY, False),
        (BodyCategory.LOCAL_INCORPORATED_AGENCY, False),
        (BodyCategory.INFORMATION_SYSTEMS_AGENCY, False),
        (BodyCategory.ORDINANCE_REQUESTER, False),
        (BodyCategory.INFORMATION_REQUESTER, True),
        (BodyCategory.INFORMATION_PROVIDER, True),
        (BodyCategory.ORDINANCE_PROVIDER, True),
    ],
    ids=lambda value: value.value if isinstance(value, BodyCategory) else "",
)
def test_rule_4_6_is_never_applied_to_a_body_that_it_does_not_name(holder: BodyCategory, *, decided: bool) -> None:
    file = FileCount("情報連携外", 5_000, Exclusion.IS_PRIVATE)
    found = _counted(file, holder=holder)
    if decided:
        assert (found.total, found.left_out, found.to_be_decided, found.confirmed) == (0, (file,), (), True)
    else:
        assert (found.total, found.left_out, found.to_be_decided, found.confirmed) == (5_000, (), (file,), False)
        assert "人が判断する必要があります" in found.reasons[0]


@pytest.mark.parametrize(
    ("counts", "confirmed"),
    [((999, 1), False), ((1_000, 1_000), True), ((9_999, 1), False), ((5_000, 4_999), True), ((), True)],
    ids=["1,000人に届くか", "同じ区分", "10,000人に届くか", "9,999人まで", "ファイルなし"],
)
def test_a_person_in_two_files_is_an_open_question_only_where_it_can_change_the_band(
    counts: tuple[int, ...], *, confirmed: bool
) -> None:
    found = _counted(*(FileCount(f"ファイル{number}", count) for number, count in enumerate(counts)))
    assert (found.total, found.confirmed) == (sum(counts), confirmed)
    assert any("要確認" in reason for reason in found.reasons) is not confirmed


@given(
    st.lists(
        st.builds(
            FileCount,
            name=st.just("ファイル"),
            data_subjects=st.integers(min_value=0, max_value=10**6),
            exclusion=st.none() | st.sampled_from(_OF_ONE_FILE),
        ),
        max_size=6,
    ),
    st.sampled_from(BodyCategory),
)
def test_every_file_is_counted_or_left_out(files: list[FileCount], holder: BodyCategory) -> None:
    found = counted_data_subjects(files, holder=holder, on=_TODAY)
    assert found.total + sum(file.data_subjects for file in found.left_out) == sum(file.data_subjects for file in files)


def test_fewer_than_1000_is_said_of_the_business_and_never_of_a_file() -> None:
    with pytest.raises(ValueError, match="「宛名」: 規則第4条第3号は事務全体の総数"):
        FileCount("宛名", 10, Exclusion.UNDER_1000)


def test_a_negative_number_is_refused() -> None:
    with pytest.raises(ValueError, match="「宛名」の本人の数は0以上"):
        FileCount("宛名", -1)


def test_before_the_first_thresholds_nothing_is_known() -> None:
    with pytest.raises(NotInForceError):
        counted_data_subjects([], holder=_MAYOR, on=date(2015, 12, 31))


def test_only_local_bodies_are_of_the_local_kind() -> None:
    local = {BodyCategory.LOCAL_GOVERNMENT_ORGAN, BodyCategory.LOCAL_INCORPORATED_AGENCY}
    assert {one for one in BodyCategory if one.kind is BodyKind.LOCAL_GOVERNMENT} == local
