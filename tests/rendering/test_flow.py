"""報告フロー図: what is drawn is what `guideline.reporting_line` says, as text that can be read and selected."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from guideline.reporting_line import flows_of
from rendering.flow import WHEN_CALLED_FOR, flow_mermaid, flow_svg
from schemas.organisation import Organisation
from tests.guideline.demo_organisation import data, read

SVG = "{http://www.w3.org/2000/svg}"


def planted() -> dict[str, Any]:
    """Give an organisation with another order, another body, two hotlines and names that are hard to write."""
    content = data()
    content["reporting_line"]["roles"] = ["team_member", "director_general", "chief_privacy_officer"]
    content["hotline"].append(
        {"id": "second", "body": "digital-agency", "title": '<b>&"幹部"', "mail": "second@example.jp"}
    )
    content["departments"][0]["name"] = "とても長い名称の部署" * 10
    content["people"][7]["name"] = "A & B <script>"
    content["bodies"].append({"id": "city", "name": "見本市", "kind": "local_government"})
    content["departments"].append({"id": "city-desk", "body": "city", "name": "市民課"})
    return content


ORGANISATIONS = [pytest.param(read(data()), id="見本"), pytest.param(read(planted()), id="植えた組織")]


def drawn(svg: str) -> list[tuple[list[str], list[str]]]:
    """Read the picture: of each panel the departments, and the recipients as they are numbered."""
    root = ET.fromstring(svg)  # noqa: S314 # it was made here
    found = []
    for panel in root.iter(f"{SVG}g"):
        if "data-departments" in panel.attrib:
            rows = [row for row in panel.iter(f"{SVG}g") if "data-recipient" in row.attrib]
            numbers = [_texts(row)[0].split("\u3000")[0] for row in rows]
            assert numbers == [str(number) for number in range(1, len(rows) + 1)]
            found.append((panel.attrib["data-departments"].split(), [row.attrib["data-recipient"] for row in rows]))
    return found


def _texts(node: ET.Element) -> list[str]:
    return [text.text or "" for text in node.iter(f"{SVG}text")]


@pytest.mark.parametrize("organisation", ORGANISATIONS)
def test_the_picture_has_every_department_with_its_line_in_order(organisation: Organisation) -> None:
    flows = flows_of(organisation)
    assert drawn(flow_svg(organisation, revision=3)) == [
        (list(flow.departments), [one.id for one in (*flow.recipients, *flow.ministers_office)]) for flow in flows
    ]
    assert sum(len(flow.departments) for flow in flows) == len(organisation.departments)


@pytest.mark.parametrize("organisation", ORGANISATIONS)
def test_names_stand_in_the_picture_as_text(organisation: Organisation) -> None:
    root = ET.fromstring(flow_svg(organisation, revision=3))  # noqa: S314 # it was made here
    texts = _texts(root)
    assert "リスク事案の報告フロー（組織表 第3版）" in texts
    for flow in flows_of(organisation):
        for one in (*flow.recipients, *flow.ministers_office):
            assert one.name in texts
    assert any(WHEN_CALLED_FOR in text for text in texts)


def test_a_long_name_is_cut_in_the_picture_and_whole_in_the_tooltip() -> None:
    content = data()
    content["hotline"][0]["title"] = "長" * 200
    root = ET.fromstring(flow_svg(read(content), revision=1))  # noqa: S314 # it was made here
    assert "長" * 26 + "…" in _texts(root)
    assert "長" * 200 in [title.text for title in root.iter(f"{SVG}title")]


@pytest.mark.parametrize("organisation", ORGANISATIONS)
def test_the_mermaid_text_names_the_same_in_the_same_order(organisation: Organisation) -> None:
    text = flow_mermaid(organisation)
    assert text.startswith("flowchart LR\n")
    numbers = re.findall(r'report(\d+) (?:--|-\.) "(\d+)', text)
    expected = [
        (str(number), str(order))
        for number, flow in enumerate(flows_of(organisation), start=1)
        for order in range(1, len(flow.recipients) + len(flow.ministers_office) + 1)
    ]
    assert numbers == expected
    assert text.count(WHEN_CALLED_FOR) == sum(len(flow.ministers_office) for flow in flows_of(organisation))
    labels = re.findall(r'to\d+\["([^"]*)"\]', text)
    assert len(labels) == len(expected)
    assert all("<" not in label.replace("<br/>", "") for label in labels)


def test_the_same_organisation_gives_the_same_picture() -> None:
    assert flow_svg(read(planted()), revision=2) == flow_svg(read(planted()), revision=2)
