"""改善策の実施状況の書き出し (report on measures as a file): as of a day, or a version; what is approved says so."""

from __future__ import annotations

import asyncio
from enum import StrEnum
from typing import TYPE_CHECKING

from client.documents import one_of
from client.errors import InvalidInputError, NotFoundError
from client.guidance_views import ReportState, ReportVersionView, paper_of, versions_of
from guideline.guidance_duties import report_of
from guideline.guidance_report import digest_of_report
from rendering.guidance import GuidancePaper, guidance_page
from schemas.canonical import canonical_bytes
from schemas.guidance import MeasuresReport

if TYPE_CHECKING:
    from datetime import date

    from guideline.guidance_duties import Family
    from register.register import Register


class GuidanceFormat(StrEnum):
    """報告書を書き出す形 (format of a report as a file)."""

    XLSX = "xlsx"  # 表計算ファイル
    PDF = "pdf"  # PDF
    JSON = "json"  # 報告書の内容そのもの
    HTML = "html"  # ページ


async def report_file(register: Register, family: Family, *, as_: str, on: date, version: int | None) -> bytes:
    """Give the report as of a day, or a version that was put up for approval.

    Raises NotFoundError for a version that there is not, InvalidInputError for a format that there is not, and where a
    PDF lacks its font.
    """
    form = one_of(GuidanceFormat, as_, where="形")
    organisation = (await register.current_organisation()).organisation
    if version is None:
        report = report_of(family, on=on)
        digest = digest_of_report(report)
        same = (one for one in versions_of(family) if one.digest == digest and one.state is not ReportState.VOID)
        chosen = next(same, None)
    else:
        chosen = _version(family, version)
        report = await _stored(register, family, chosen)
        digest = digest_of_report(report)
    paper = paper_of(report, digest, chosen, organisation=organisation)
    return await asyncio.to_thread(_rendered, paper, form)


async def _stored(register: Register, family: Family, version: ReportVersionView) -> MeasuresReport:
    if version.digest is None:
        return report_of(family, on=version.on)
    content = (await register.document(version.digest)).content
    return MeasuresReport.read(content)


def _rendered(paper: GuidancePaper, form: GuidanceFormat) -> bytes:
    if form is GuidanceFormat.JSON:
        return canonical_bytes(paper.report.model_dump(mode="json"))
    if form is GuidanceFormat.HTML:
        return guidance_page(paper)
    if form is GuidanceFormat.XLSX:
        from rendering.guidance_sheets import guidance_workbook  # noqa: PLC0415 # it takes a while to load

        return guidance_workbook(paper)
    from rendering.pdf import NoFontError, guidance_report  # noqa: PLC0415 # it takes a while to load

    try:
        return guidance_report(paper)
    except NoFontError as error:
        raise InvalidInputError(str(error), where="書体", remedy=error.remedy) from None


def _version(family: Family, number: int) -> ReportVersionView:
    found = next((one for one in versions_of(family) if one.version == number), None)
    if found is None:
        raise NotFoundError(
            f"この指導の報告書に、第{number}版はありません。",
            where="版",
            remedy="`minaoshi guidance show` で版を確かめてください。",
        )
    return found
