"""計測値 (metrics): what Temporal's SDK counts in a worker, and our refusals, for Prometheus to read.

Labels are closed sets: names of workflows and activities, reasons of refusals. None is what somebody typed.
"""

from __future__ import annotations

from temporalio.runtime import PrometheusConfig, Runtime, TelemetryConfig

from settings import PREFIX, Settings, SettingsError


def serve_metrics(settings: Settings) -> None:
    """Serve them where that is set; before the first connection of the process, which settles where they go.

    Raises SettingsError when the address can't be used.
    """
    if settings.metrics_address is None:
        return
    exporter = PrometheusConfig(bind_address=settings.metrics_address)
    try:
        runtime = Runtime(telemetry=TelemetryConfig(metrics=exporter))
    except (ValueError, RuntimeError) as error:
        raise SettingsError(
            f"{PREFIX}METRICS_ADDRESS の番地 {settings.metrics_address} で計測値を出せません（{error}）。"
            "別のプログラムが使っていないか、番地（IP アドレス:ポート）が正しいかを確かめてください。"
        ) from error
    Runtime.set_default(runtime)
