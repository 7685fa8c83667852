"""リリースの凍結 (freezing): a release is kept whole, once."""

from __future__ import annotations

from pathlib import Path

import pytest

from schemas.publish import FOLDER as PUBLISHED
from tests.freeze_release import freeze
from tests.schemas.test_widening import RELEASED
from tests.workflows.record_histories import HISTORIES


def test_a_release_is_kept_with_all_that_it_has_recorded_and_published(tmp_path: Path) -> None:
    for folder, source in zip(
        freeze("0.2.0", histories=tmp_path / "histories", schemas=tmp_path / "schemas"),
        (HISTORIES, PUBLISHED),
        strict=True,
    ):
        assert folder.name == "0.2.0"
        kept = {file.name: file.read_bytes() for file in folder.iterdir()}
        assert kept == {file.name: file.read_bytes() for file in source.glob("*.json")}
        assert len(kept) > 20


def test_what_was_released_is_not_changed(tmp_path: Path) -> None:
    where = {"histories": tmp_path / "histories", "schemas": tmp_path / "schemas"}
    freeze("0.2.0", **where)
    with pytest.raises(ValueError, match="is frozen already"):
        freeze("0.2.0", **where)
    assert [folder.name for folder in sorted((tmp_path / "schemas").iterdir())] == ["0.2.0"]


@pytest.mark.parametrize("name", ["", "next", "0.2", "../0.2.0"])
def test_only_a_release_is_frozen(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="is no release"):
        freeze(name, histories=tmp_path, schemas=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_of_each_release_both_are_kept() -> None:
    def releases(folder: Path) -> set[str]:
        return {one.name for one in folder.glob("*") if one.is_dir()}

    assert releases(HISTORIES) == releases(RELEASED)
