"""送る内容 (as shown): every field of a form in a page as a browser would send it."""

from __future__ import annotations

from html.parser import HTMLParser


class _Form(HTMLParser):
    """Collect what the fields of the form of an act hold."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, list[str]] = {}
        self._within = False
        self._text: str | None = None
        self._select: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name = given.get("name") or ""
        if tag == "form":
            self._within = "act" in (given.get("class") or "")
        elif not self._within or "disabled" in given:
            return
        elif tag == "textarea":
            self._text = name
            self.fields.setdefault(name, []).append("")
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in given:
            self.fields[self._select] = [given.get("value") or ""]
        elif tag == "input":
            kind = given.get("type")
            if kind != "file" and (kind not in ("radio", "checkbox") or "checked" in given):
                self.fields.setdefault(name, []).append(given.get("value") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._text is not None:
            self.fields[self._text][-1] = self.fields[self._text][-1].removeprefix("\n")
            self._text = None
        elif tag == "select":
            self._select = None
        elif tag == "form":
            self._within = False

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self.fields[self._text][-1] += data


def as_shown(page: str) -> dict[str, list[str]]:
    """Give the fields of the form of an act, by name."""
    reader = _Form()
    reader.feed(page)
    return reader.fields
