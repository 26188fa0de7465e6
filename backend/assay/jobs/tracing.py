"""OpenTelemetry: one span an analysis, and one a stage below it.

The interface that FastAPI brings along does nothing by itself. With the extra `otel`, and where
`OTEL_EXPORTER_OTLP_ENDPOINT` says where to, spans are sent; OpenTelemetry's other variables hold.
"""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from opentelemetry import trace
from opentelemetry.trace import Span, StatusCode

from assay.evidence import StageEvent, StageState
from assay.jobs.runs import Run

log = logging.getLogger(__name__)

FLUSH_MS: Final = 2000
_FINAL: Final = (StageState.DONE, StageState.SKIPPED, StageState.FAILED)
_tracer = trace.get_tracer("assay")


def configure() -> None:
    """Have this process send its spans, where that is asked for and possible."""
    if not os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT"):
        return
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError:
        log.warning("No spans are sent: install assay[otel] for OTEL_EXPORTER_OTLP_ENDPOINT")
        return
    name = os.environ.get("OTEL_SERVICE_NAME", "assay")
    provider = TracerProvider(resource=Resource.create({"service.name": name}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)


def flush() -> None:
    """Send what waits to be sent, before this process goes."""
    flush_provider = getattr(trace.get_tracer_provider(), "force_flush", None)
    if flush_provider is not None:
        flush_provider(FLUSH_MS)


@contextmanager
def traced(run: Run) -> "Iterator[Stages]":
    """The span of a run, and what begins and ends those of its stages."""
    attributes: dict[str, str | int] = {"assay.analysis": run.analysis_id, "assay.run": run.number}
    with _tracer.start_as_current_span("analyse", attributes=attributes) as span:
        stages = Stages(span)
        try:
            yield stages
        finally:
            stages.end()


class Stages:
    """The spans of stages; several run side by side."""

    def __init__(self, parent: Span) -> None:
        self._context = trace.set_span_in_context(parent)
        self._open: dict[str, Span] = {}

    def tell(self, event: StageEvent) -> None:
        """Begin a span at the first sign of a stage, end it at its last."""
        span = self._open.get(event.stage)
        if span is None:
            span = _tracer.start_span(event.stage, self._context)
            self._open[event.stage] = span
        if event.state in _FINAL:
            span.set_attribute("assay.state", event.state.value)
            if event.state is StageState.FAILED:
                span.set_status(StatusCode.ERROR)
            span.end()
            del self._open[event.stage]

    def end(self) -> None:
        """What is still open was cut short."""
        for span in self._open.values():
            span.set_status(StatusCode.ERROR)
            span.end()
        self._open.clear()
