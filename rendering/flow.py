"""報告フロー図 (picture of the flow): who is told of a risk event at once, as SVG and as mermaid text.

It draws what `guideline.reporting_line` says, by which people are told: nothing about anybody stands here.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from itertools import chain, count

from guideline.organisation import department_names
from guideline.reporting_line import Flow, Recipient, flow_of, flows_of
from schemas.organisation import Department, Organisation

WHEN_CALLED_FOR = "政務への共有を要するとき"

_FONT = "'Noto Sans JP','Noto Sans CJK JP','Hiragino Sans','Yu Gothic UI',sans-serif"
_INK, _LINE, _SOFT, _PALE = "#1a1a1a", "#00118f", "#4979f5", "#e8f1fe"

_HEAD = 'viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto"'

_WIDTH = 1120
_LEFT, _LEFT_WIDTH = 20, 260
_MIDDLE, _MIDDLE_WIDTH = 340, 230
_RIGHT, _RIGHT_WIDTH = 640, 460
_TOP, _ROW, _GAP, _NAME = 70, 46, 10, 22
_PANEL_GAP = 40
_MOST_LETTERS = 27
_MOST_ON_THE_LEFT = 18
"""How many letters of a name are drawn; the whole name stands in the tooltip."""


def flow_svg(organisation: Organisation, *, revision: int, department: Department | None = None) -> str:
    """Draw the flow of each department, one panel for those with the same line; the text can be selected.

    `department` is the only one to be drawn.
    """
    names = _names(organisation)
    parts: list[str] = []
    top = _TOP
    flows = flows_of(organisation) if department is None else (flow_of(organisation, department),)
    for number, flow in enumerate(flows):
        parts.extend(_panel(flow, names, top=top, number=number))
        top += _height(flow) + _PANEL_GAP
    size = f'viewBox="0 0 {_WIDTH} {top}" width="{_WIDTH}" height="{top}"'
    spoken = 'aria-labelledby="t d" lang="ja"'
    title = f"リスク事案の報告フロー（組織表 第{revision}版）"
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" {spoken} font-family="{_FONT}">',
            f'<title id="t">{title}</title>',
            '<desc id="d">知った者は誰でも直ちに報告し、右の全員に、番号の順に同時に知らせる。</desc>',
            '<rect width="100%" height="100%" fill="#ffffff"/>',
            f'<defs><marker id="m" {_HEAD}><path d="M0 0L10 5L0 10z" fill="{_LINE}"/></marker></defs>',
            _text(_LEFT, 38, title, size=20, bold=True),
            *parts,
            "</svg>",
            "",
        )
    )


def _names(organisation: Organisation) -> dict[str, str]:
    return department_names(organisation) | {one.id: one.name for one in organisation.bodies}


def _height(flow: Flow) -> int:
    rows = len(flow.recipients) + len(flow.ministers_office)
    return max(rows * (_ROW + _GAP) - _GAP, _NAME * len(flow.departments) + 60, 110)


def _panel(flow: Flow, names: dict[str, str], *, top: int, number: int) -> Iterator[str]:
    height = _height(flow)
    middle = top + height // 2
    yield f'<g id="flow-{number}" data-departments="{escape(" ".join(flow.departments))}">'
    yield _box(_LEFT, top, _LEFT_WIDTH, height, fill=_PALE, stroke=_SOFT)
    yield _text(_LEFT + 14, top + 28, "知った者（誰でも）", size=17, bold=True)
    yield _text(_LEFT + 14, top + 48, _cut(names[flow.body], most=_MOST_ON_THE_LEFT), size=12)
    for row, department in enumerate(flow.departments):
        yield f"<g><title>{escape(names[department])}</title>"
        yield _text(_LEFT + 14, top + 72 + row * _NAME, _cut(names[department], most=_MOST_ON_THE_LEFT), size=13)
        yield "</g>"
    yield _box(_MIDDLE, middle - 50, _MIDDLE_WIDTH, 100, fill=_LINE, stroke=_LINE)
    yield _text(_MIDDLE + 14, middle - 18, "リスク事案の報告", size=18, bold=True, ink="#ffffff")
    yield _text(_MIDDLE + 14, middle + 8, "直ちに。分からないことは空で", size=13, ink="#ffffff")
    yield _text(_MIDDLE + 14, middle + 30, "右の全員に同時に知らせる", size=13, ink="#ffffff")
    yield _arrow(f"M{_LEFT + _LEFT_WIDTH} {middle} H{_MIDDLE - 2}")
    told = chain(((one, False) for one in flow.recipients), ((one, True) for one in flow.ministers_office))
    for order, (recipient, only_when_called_for) in enumerate(told):
        yield from _row(
            recipient,
            order + 1,
            top=top + order * (_ROW + _GAP),
            begins=middle,
            only_when_called_for=only_when_called_for,
        )
    yield "</g>"


def _row(recipient: Recipient, order: int, *, top: int, begins: int, only_when_called_for: bool) -> Iterator[str]:
    dash = ' stroke-dasharray="6 4"' if only_when_called_for else ""
    bend, middle = _MIDDLE + _MIDDLE_WIDTH + 35, top + _ROW // 2
    called_for = WHEN_CALLED_FOR if only_when_called_for else ""
    yield f'<g data-recipient="{escape(recipient.id)}" data-channel="{recipient.channel.value}">'
    yield f"<title>{escape(recipient.label)}</title>"
    yield _arrow(f"M{_MIDDLE + _MIDDLE_WIDTH} {begins} H{bend} V{middle} H{_RIGHT - 2}", dash=dash)
    yield _box(_RIGHT, top, _RIGHT_WIDTH, _ROW, fill="#ffffff", stroke=_LINE, dash=dash)
    capacity = recipient.capacity if recipient.capacity != recipient.name else called_for or "職員以外の宛先"
    yield _text(_RIGHT + 12, top + 18, f"{order}　{_cut(capacity)}", size=12)
    yield _text(_RIGHT + 30, top + 37, _cut(recipient.name), size=15, bold=True)
    yield _text(_RIGHT + _RIGHT_WIDTH - 12, top + 18, recipient.channel.label, size=12, anchor="end")
    yield "</g>"


def _cut(text: str, *, most: int = _MOST_LETTERS) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _box(x: int, y: int, width: int, height: int, *, fill: str, stroke: str, dash: str = "") -> str:  # noqa: PLR0913 # a box has four measures
    size = f'x="{x}" y="{y}" width="{width}" height="{height}"'
    return f'<rect {size} rx="8" fill="{fill}" stroke="{stroke}" stroke-width="2"{dash}/>'


def _arrow(path: str, *, dash: str = "") -> str:
    return f'<path d="{path}" fill="none" stroke="{_LINE}" stroke-width="1.5" marker-end="url(#m)"{dash}/>'


def _text(  # noqa: PLR0913 # where it stands and how it looks
    x: int, y: int, text: str, *, size: int, bold: bool = False, ink: str = _INK, anchor: str = "start"
) -> str:
    weight = ' font-weight="700"' if bold else ""
    at = f'x="{x}" y="{y}" text-anchor="{anchor}" font-size="{size}"{weight} fill="{ink}"'
    return f"<text {at}>{escape(text)}</text>"


def flow_mermaid(organisation: Organisation) -> str:
    """Give the same flow as mermaid text, for a page that draws it itself."""
    names, lines, nodes = _names(organisation), ["flowchart LR"], count(1)
    for number, flow in enumerate(flows_of(organisation), start=1):
        departments = "<br/>".join(_quoted(names[one]) for one in flow.departments)
        lines.append(f'  subgraph flow{number}["{_quoted(names[flow.body])}"]')
        lines.append(f'    from{number}["{departments}"] --> report{number}(["リスク事案の報告"])')
        for order, one in enumerate((*flow.recipients, *flow.ministers_office), start=1):
            is_called_for = order > len(flow.recipients)
            arrow = f'-. "{order} {WHEN_CALLED_FOR}" .->' if is_called_for else f'-- "{order}" -->'
            label = f"{_quoted(one.label)}<br/>{one.channel.label}"
            lines.append(f'    report{number} {arrow} to{next(nodes)}["{label}"]')
        lines.append("  end")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """Write signs that mean something to mermaid as its codes."""
    return "".join(f"#{ord(sign)};" if sign in '#"<>&`' else sign for sign in " ".join(text.split()))
