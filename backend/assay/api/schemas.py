"""What the routes answer, camelCase on the wire. Contract fields keep their names for ever."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from assay.evidence import (
    Asked,
    Coverage,
    MediaKind,
    Probability,
    Reason,
    Record,
    Reliability,
    Verdict,
)
from assay.jobs.analysis import Analysis, State
from assay.jobs.feedback import Truth
from assay.jobs.service import Look
from assay.jobs.tracking import StageProgress
from assay.jobs.webhooks import WebhookState

MOST_NOTE = 4000
"""Characters of a note."""

StageName = Literal["Queued", "Extracting frames", "Running models", "Final classification"]


class Result(Record):
    """The head of the report."""

    verdict: Verdict
    confidence: float = Field(ge=0.0, le=100.0, description="For the stated verdict")
    probability: Probability | None = Field(
        description="Calibrated P(fake); null where nothing could be weighed"
    )
    reasons: list[Reason]
    summary: str
    reliability: Reliability | None = Field(
        default=None, description="Of such verdicts; null where it was not measured"
    )
    coverage: Coverage | None = Field(
        default=None, description="How much was examined, of how much there is"
    )
    early_exit: bool
    kind: MediaKind | None = Field(
        default=None, description="null in answers of versions that did not tell it"
    )
    thumbnail: str | None = Field(
        default=None, description="Artefact name of a small picture; null without a picture"
    )


class Links(Record):
    """Where the rest is, relative to this server."""

    status: str
    events: str
    report: str
    media: str
    cancel: str


class Webhook(Record):
    """What became of the message about the end of an analysis."""

    state: WebhookState
    attempts: int
    error: str | None = Field(default=None, description="Why the last attempt failed")


class AnalysisStatus(Record):
    """An analysis as it stands."""

    analysis_id: str
    status: Literal["processing", "complete", "error"]
    percent: float = Field(ge=0.0, le=100.0, description="Never falls")
    stage_name: StageName
    result: Result | None = None
    error: str | None = Field(default=None, description="One sentence, when the status is `error`")
    error_code: str | None = Field(default=None, description="See docs/errors.md")
    state: State = Field(description="Finer than the status")
    stages: list[StageProgress]
    file_name: str
    truth: Truth | None = Field(description="What it turned out to be, where a person has told")
    note: str = Field(description="What a person wrote about it; empty where nobody did")
    size_bytes: int
    created_at: datetime
    finished_at: datetime | None = None
    full: bool = Field(description="Asked for without early exit")
    asked: Asked = Field(description="How the file is to be examined")
    cached: bool = Field(description="Answered from an earlier analysis of the same content")
    upload_stored: bool = Field(description="The file can still be played")
    report_stored: bool = Field(description="The report can be read: it is there, and still there")
    retained: bool = Field(description="false: nothing is kept once its report was given")
    queue_position: int | None = Field(default=None, description="1 is next; null: not waiting")
    webhook: Webhook | None = Field(default=None, description="null: nobody wants to be told")
    links: Links


# Postgres takes no NUL.
NoteText = Annotated[str, Field(max_length=MOST_NOTE, pattern=r"^[^\x00]*$")]


class Note(Record):
    """What a person wants to remember about an analysis."""

    text: NoteText = Field(description="Empty takes it away")


class Feedback(Record):
    """What a file turned out to be."""

    truth: Truth | None = Field(description="null takes it back")
    note: NoteText | None = Field(default=None, description="How known; null leaves it as it is")


class FeedbackCount(Record):
    """Files that were answered so and turned out so."""

    verdict: Verdict | None = Field(description="null: there was nothing to judge")
    truth: Truth
    files: int = Field(gt=0)


class AnalysisPage(Record):
    """Analyses, in the order asked for."""

    items: list[AnalysisStatus]
    next_cursor: str | None = Field(default=None, description="For the following page, if any")


class FeedbackRecord(Record):
    """How verdicts fared."""

    counts: list[FeedbackCount]
    items: list[AnalysisStatus] = Field(description="The latest of them")


class ModelCard(Record):
    """A model of the manifest, with what is known about it."""

    name: str
    serve: str = Field(description="The file that serving loads")
    files: dict[str, str] = Field(description="File name to sha256")
    parameters: dict[str, Any]
    card: str | None = Field(default=None, description="Markdown")
    metrics: dict[str, Any] | None = None


class Limits(Record):
    """What an upload may be at most, for clients that want to know before they send it."""

    max_upload_bytes: int
    max_picture_pixels: int = Field(description="Width x height of a video or still")


class Health(Record):
    """Alive."""

    status: Literal["ok"] = "ok"


def status_of(look: Look) -> AnalysisStatus:
    """The public face of a row."""
    analysis, stored = look.analysis, look.stored
    outcomes: dict[State, Literal["processing", "complete", "error"]] = {
        State.COMPLETE: "complete",
        State.ERROR: "error",
        State.CANCELLED: "error",
    }
    return AnalysisStatus(
        analysis_id=analysis.id,
        status=outcomes.get(analysis.state, "processing"),
        percent=analysis.percent,
        stage_name=analysis.stage_name,
        result=None if analysis.result is None else Result.model_validate(analysis.result),
        error=analysis.error_message,
        error_code=analysis.error_code,
        state=analysis.state,
        stages=analysis.stages,
        file_name=analysis.file_name,
        truth=None if analysis.truth is None else Truth(analysis.truth),
        note=analysis.note,
        size_bytes=analysis.size_bytes,
        created_at=_time(analysis.created_ms),
        finished_at=None if analysis.finished_ms is None else _time(analysis.finished_ms),
        full=analysis.asked.full,
        asked=analysis.asked,
        cached=analysis.cached,
        upload_stored=stored.upload,
        report_stored=stored.report,
        retained=analysis.retained,
        queue_position=look.queue_position,
        webhook=_webhook(analysis),
        links=Links(
            status=f"/status/{analysis.id}",
            events=f"/events/{analysis.id}",
            report=f"/report/{analysis.id}",
            media=f"/analyses/{analysis.id}/media",
            cancel=f"/cancel/{analysis.id}",
        ),
    )


def _webhook(analysis: Analysis) -> Webhook | None:
    if analysis.webhook_state is None:
        return None
    return Webhook(
        state=WebhookState(analysis.webhook_state),
        attempts=analysis.webhook_attempts,
        error=analysis.webhook_error,
    )


def _time(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
