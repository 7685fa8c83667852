"""計測値: served where that is set, and a clear word where it can't be."""

from __future__ import annotations

import socket

import pytest
from temporalio.runtime import Runtime

from engine.metrics import serve_metrics
from settings import Settings, SettingsError


def test_an_address_that_is_taken_or_none_is_named(settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        for address in (f"127.0.0.1:{taken.getsockname()[1]}", "localhost:9090"):
            with pytest.raises(SettingsError, match="MINAOSHI_METRICS_ADDRESS"):
                serve_metrics(settings.model_copy(update={"metrics_address": address}))


def test_where_it_is_not_set_nothing_is_changed(settings: Settings) -> None:
    before = Runtime.default()
    serve_metrics(settings)
    assert Runtime.default() is before
