"""Spans of an analysis and its stages, as they leave a worker."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from assay.evidence import AS_USUAL, StageEvent, StageState
from assay.jobs import tracing
from assay.jobs.runs import Run
from assay.jobs.tracking import Tracker, untouched
from tests.jobs import scripted
from tests.jobs.processes import Workers
from tests.serving import PATIENCE, finished, serving, settings_for, until, upload

RUN = Run("some-id", 2, "key", AS_USUAL, Path("x"), Tracker(untouched(scripted.GRAPH)))


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> InMemorySpanExporter:
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(tracing, "_tracer", provider.get_tracer("assay"))
    return exporter


def event(stage: str, state: StageState) -> StageEvent:
    return StageEvent(stage=stage, state=state)


def test_stages_lie_below_their_analysis(spans: InMemorySpanExporter) -> None:
    with tracing.traced(RUN) as stages:
        stages.tell(event("visual", StageState.RUNNING))
        stages.tell(event("audio", StageState.RUNNING))
        stages.tell(event("visual", StageState.RUNNING))
        stages.tell(event("audio", StageState.FAILED))
        stages.tell(event("visual", StageState.DONE))
        stages.tell(event("temporal", StageState.SKIPPED))
    *below, whole = spans.get_finished_spans()
    assert whole.name == "analyse"
    assert dict(whole.attributes or {}) == {"assay.analysis": "some-id", "assay.run": 2}
    assert [(span.name, (span.attributes or {})["assay.state"]) for span in below] == [
        ("audio", "failed"),
        ("visual", "done"),
        ("temporal", "skipped"),
    ]
    assert {span.parent.span_id for span in below if span.parent} == {whole.context.span_id}
    assert [span.status.is_ok for span in below] == [False, True, True]


def test_what_is_cut_short_ends_as_an_error(spans: InMemorySpanExporter) -> None:
    with pytest.raises(ZeroDivisionError), tracing.traced(RUN) as stages:
        stages.tell(event("visual", StageState.RUNNING))
        raise ZeroDivisionError
    assert [(span.name, span.status.is_ok) for span in spans.get_finished_spans()] == [
        ("visual", False),
        ("analyse", False),
    ]


def test_without_anybody_to_send_to_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OTEL_EXPORTER_OTLP_ENDPOINT", raising=False)
    tracing.configure()
    with tracing.traced(RUN) as stages:
        stages.tell(event("visual", StageState.DONE))
    tracing.flush()


@pytest.fixture
def collector() -> Iterator[tuple[str, list[bytes]]]:
    """Whatever is sent to it."""
    received: list[bytes] = []

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            received.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *arguments: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Collector)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", received
    server.shutdown()
    server.server_close()


def test_a_worker_sends_them(
    tmp_path: Path,
    workers: Workers,
    collector: tuple[str, list[bytes]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import httpx

    address, received = collector
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", address)
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_COMPRESSION", "none")
    monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "100")
    settings = settings_for(tmp_path)
    with serving(settings) as served, httpx.Client(base_url=served, timeout=PATIENCE) as client:
        workers.start(settings)
        analysis_id = upload(client, scripted.media())
        assert finished(client, analysis_id)["status"] == "complete"
        until(lambda: analysis_id.encode() in b"".join(received))
    for stage in (b"analyse", b"ingest", b"visual", b"verdict"):
        assert stage in b"".join(received)
