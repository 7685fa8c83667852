"""送られた編集 (what an editor page sends): boxes by their place, with the marks of what they showed."""

import hashlib
import json

from client.entries import Change, EntryChange
from client.merging import Typed
from web.posted import Posted

SAVE, NEXT = "save", "next"

_VALUE, _MARK, _NAMES, _FILE, _CHOSEN, _ENTRY = "v", "m", "n", "file", "c", "e"

MINE, THEIRS = "mine", "theirs"


def typed_in(posted: Posted) -> Typed:
    """Give what was typed on a page. A file that was chosen gives its name and its SHA-256; it is not kept."""
    marks = _by_place(posted, _MARK)
    values = {place: tuple(posted.values.get(_VALUE + place, ())) for place in marks}
    for name, files in posted.files.items():
        place = name.removeprefix(_FILE)
        if place in marks:
            file_name, content = files[0]
            values[place] = (hashlib.sha256(content).hexdigest(),)
            beside = f"{place.rpartition('/')[0]}/file_name"
            if beside in marks:
                values[beside] = (file_name,)
    theirs = {place for place, chosen in _by_place(posted, _CHOSEN).items() if chosen == THEIRS}
    return Typed(
        values={place: texts for place, texts in values.items() if place not in theirs},
        marks=marks,
        names={place: _names(words) for place, words in _by_place(posted, _NAMES).items()},
    )


def not_chosen(posted: Posted) -> bool:
    """Say whether a page of collisions left one of them open."""
    asked = posted.values.get("asked", ())
    return any(posted.text(_CHOSEN + place) not in (MINE, THEIRS) for place in asked)


def change_in(posted: Posted) -> EntryChange | None:
    """Give what is to be done with an entry: `add:/files`, `remove:/files/0`; None where the page is saved only."""
    word, _, place = posted.text("do").partition(":")
    if word not in list(Change) or not place:
        return None
    return EntryChange(Change(word), place, seen=posted.text(_ENTRY + place) if word == Change.REMOVE else "")


def _by_place(posted: Posted, letter: str) -> dict[str, str]:
    begin = f"{letter}/"
    return {name.removeprefix(letter): texts[0] for name, texts in posted.values.items() if name.startswith(begin)}


def _names(words: str) -> tuple[str, ...]:
    try:
        names = json.loads(words)
    except (ValueError, RecursionError):
        return ()
    return tuple(str(one) for one in names) if isinstance(names, list) else ()
