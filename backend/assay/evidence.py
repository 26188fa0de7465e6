"""The vocabulary: stages, branch scores, the twelve features, verdict and report.

Every other room speaks in these words, so this one imports nothing of ours. Models serialise to
camelCase; the twelve feature names, stage names and branch names are values and stay as they are.
A *score* is P(fake) in 0..1 everywhere, except `sync_prob`, which is P(in sync): high is good.
"""

from enum import StrEnum
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.alias_generators import to_camel

FEATURES: tuple[str, ...] = (
    "tiny_prob_mean",
    "tiny_prob_max",
    "tiny_prob_p90",
    "tiny_num_files",
    "tiny_num_patches",
    "visual_prob_mean",
    "visual_prob_max",
    "visual_prob_p90",
    "visual_num_faces",
    "audio_prob_fake",
    "temporal_prob_fake",
    "sync_prob",
)
"""The fusion's inputs, in the order of its coefficients. Names and order never change."""

Probability = Annotated[float, Field(ge=0.0, le=1.0)]
Seconds = Annotated[float, Field(ge=0.0)]


class Record(BaseModel):
    """Base of everything that leaves the service: immutable, camelCase on the wire."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        populate_by_name=True,
        frozen=True,
        extra="forbid",
        # What we send is complete, and the description says so: clients need no defaults.
        json_schema_serialization_defaults_required=True,
    )


class Verdict(StrEnum):
    """The answer, as programs read it. Inconclusive is one with a measured coverage, no failure."""

    DEEPFAKE = "Deepfake"
    AUTHENTIC = "Authentic"
    INCONCLUSIVE = "Inconclusive"

    @property
    def words(self) -> str:
        """What people read: that no trace was found does not make a media authentic."""
        return "No forgery found" if self is Verdict.AUTHENTIC else self.value


NOTHING_TO_JUDGE: Final = "Nothing to judge"
"""What people read in place of a verdict where nothing could be judged, see `Reason`."""


class Modality(StrEnum):
    """What a verdict of its own is given on, beside the whole."""

    PICTURE = "picture"
    VOICE = "voice"
    LIPS = "lips"


class Reason(StrEnum):
    """Why a verdict is weaker than it could be; machine-readable, explained by `explain.py`."""

    NOTHING_TO_JUDGE = "nothing_to_judge"
    NO_FACE = "no_face"
    NOT_A_PHOTOGRAPH = "not_a_photograph"
    TOO_MANY_FACES = "too_many_faces"
    LOW_RESOLUTION = "low_resolution"
    TOO_SHORT = "too_short"
    NO_SPEECH = "no_speech"
    SINGLE_MODALITY = "single_modality"
    BRANCH_DISAGREEMENT = "branch_disagreement"
    OUT_OF_DISTRIBUTION = "out_of_distribution"


# ----------------------------------------------------------------------------------- request

Finite = Annotated[float, Field(ge=0.0, le=1e9, allow_inf_nan=False)]


class Place(Record):
    """A moment and a place in its picture: whom a person means who clicks there."""

    time: Finite = Field(description="Seconds")
    x: Finite = Field(description="Displayed pixels of the full picture, from the left")
    y: Finite = Field(description="From the top")


class Asked(Record):
    """How a file is to be examined. Equal wishes for equal files have equal answers."""

    full: bool = Field(default=False, description="Switch the early exit off")
    thorough: bool = Field(
        default=False, description="Score all of it as well, beside the sample that decides"
    )
    start: Finite | None = Field(default=None, description="Examine nothing before, seconds")
    end: Finite | None = Field(default=None, description="Examine nothing from here on, seconds")
    face: Place | None = Field(
        default=None, description="Examine the person who shows there, and nobody else"
    )

    @model_validator(mode="after")
    def _is_a_range(self) -> Self:
        if self.end is not None and self.end <= (self.start or 0.0):
            raise ValueError("the end lies behind the start")
        return self

    @property
    def may_exit(self) -> bool:
        """Whether the gate may spare heavy branches: not where somebody asked for a closer look."""
        return not (self.full or self.thorough) and self.face is None


AS_USUAL: Final = Asked()
"""Nothing in particular was asked."""


# ---------------------------------------------------------------------------------- progress


class StageState(StrEnum):
    """Life of a stage. `done`, `skipped` and `failed` are final."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    SKIPPED = "skipped"
    FAILED = "failed"


class StageInfo(Record):
    """A node of the pipeline graph, derived from the branch registry."""

    name: str
    title: str
    description: str
    needs: tuple[str, ...] = ()
    models: tuple[str, ...] = Field(default=(), description="Folders under models/ that run here")


class StageEvent(Record):
    """Something that happened in a stage. The only source of progress shown anywhere."""

    stage: str
    state: StageState
    percent: float = Field(default=0.0, ge=0.0, le=100.0, description="Progress within the stage")
    ms: float | None = Field(default=None, ge=0.0, description="Time spent, on a final state")
    reason: str | None = Field(default=None, description="Why the stage was skipped or failed")
    spared: bool = Field(
        default=False,
        description="Skipped by the early exit, not because the media lacks what it needs",
    )
    detail: dict[str, Any] = Field(
        default_factory=dict, description="The stage's own small result, as it becomes known"
    )


# ------------------------------------------------------------------------------------- media


class VideoStream(Record):
    """A picture stream as it is displayed: turned as its metadata ask, its pixels square."""

    codec: str
    width: int = Field(gt=0)
    height: int = Field(gt=0)
    fps: float | None = Field(default=None, gt=0.0, description="Average; streams may vary")
    rotation: Literal[0, 90, 180, 270] = Field(
        default=0, description="Clockwise turn in degrees that the metadata asks for"
    )
    pixel_format: str | None = None
    bit_rate: int | None = Field(default=None, ge=0, description="bit/s")


class AudioStream(Record):
    """A sound stream as stored."""

    codec: str
    sample_rate: int = Field(gt=0, description="Hz")
    channels: int = Field(gt=0)
    bit_rate: int | None = Field(default=None, ge=0, description="bit/s")


MediaKind = Literal["video", "image", "audio"]
"""What a file is. A voice clip is audio, and so is a video of which only the sound can be read."""


class MediaInfo(Record):
    """What the probe learned about a file without decoding all of it."""

    kind: MediaKind
    container: str
    size_bytes: int = Field(ge=0)
    sha256: str
    duration: Seconds | None = Field(default=None, description="Seconds; None for stills")
    video: VideoStream | None = None
    audio: AudioStream | None = None
    reader: Literal["pyav", "opencv", "repaired"] = "pyav"
    tags: dict[str, str] = Field(default_factory=dict, description="Container metadata, cleaned")


class CredentialsState(StrEnum):
    """What became of the Content Credentials. `intact` says nothing of who signed."""

    ABSENT = "absent"
    INTACT = "intact"
    INVALID = "invalid"
    UNREADABLE = "unreadable"


class CredentialAction(Record):
    """A step of the file's making, as its signer tells it."""

    action: str = Field(description="C2PA's name of it, such as `c2pa.created`")
    source_type: str | None = Field(
        default=None, description="IPTC's digital source type, such as `trainedAlgorithmicMedia`"
    )
    software: str | None = None
    when: str | None = Field(default=None, description="As the signer wrote it")


class Credentials(Record):
    """Content Credentials (C2PA): what a signer states about the origin of the file.

    Context only: they never touch the score. Signature and hashes are checked; whether the signer
    deserves trust is not, as no list of trusted signers is consulted.
    """

    state: CredentialsState
    problems: list[str] = Field(
        default_factory=list, description="C2PA's codes of what does not hold, when `invalid`"
    )
    reason: str | None = Field(default=None, description="Why they are `unreadable`")
    issuer: str | None = Field(default=None, description="Organisation, by its own certificate")
    common_name: str | None = Field(default=None, description="Signer, by its own certificate")
    signed_at: str | None = Field(default=None, description="RFC 3339, where it was time-stamped")
    generator: str | None = Field(default=None, description="Program that made the claim")
    actions: list[CredentialAction] = Field(default_factory=list)
    source_types: list[str] = Field(
        default_factory=list, description="Of the file and of what it was made from"
    )
    ingredients: int = Field(default=0, ge=0, description="Other media it was made from")


class Hints(Record):
    """Compressed-domain facts, read from packets. Context only: they never decide a verdict."""

    gop_seconds: float | None = Field(default=None, description="Median key-frame distance")
    picture_types: dict[str, int] = Field(default_factory=dict, description="I/P/B counts seen")
    packet_times: list[float] = Field(default_factory=list, description="Seconds")
    packet_kilobytes: list[float] = Field(default_factory=list, description="At packet_times")
    key_times: list[float] = Field(
        default_factory=list, description="Key frames, seconds; evenly picked where there are many"
    )
    shot_cuts: list[float] = Field(default_factory=list, description="Likely cuts, seconds")
    silences: list[tuple[float, float]] = Field(
        default_factory=list, description="Stretches without sound, seconds, where packets tell"
    )
    motion: float | None = Field(
        default=None, description="Median motion vector length, fraction of the diagonal"
    )
    encoder: str | None = None
    traces: list[str] = Field(
        default_factory=list, description="Signs of re-encoding or editing, one sentence each"
    )
    credentials: Credentials | None = Field(
        default=None, description="None in reports of versions that did not look for them"
    )


class PassedOver(StrEnum):
    """Why somebody who was found is not examined."""

    TOO_SMALL = "too_small"
    TOO_BLURRED = "too_blurred"
    CUT_OFF = "cut_off"
    NOT_A_PHOTOGRAPH = "not_a_photograph"
    OVER_LIMIT = "over_limit"
    NOT_ASKED = "not_asked"


class FaceCounters(Record):
    """What the face stage passed over: frames, and people by the reason."""

    frames_without_face: int = 0
    faces_too_small: int = 0
    faces_too_blurred: int = 0
    faces_cut_off: int = 0
    faces_not_photographs: int = 0
    faces_over_limit: int = 0


# --------------------------------------------------------------------------- branch evidence


class Box(Record):
    """A rectangle in displayed pixels of the full picture."""

    x: float
    y: float
    width: float = Field(gt=0.0)
    height: float = Field(gt=0.0)


class FacePoint(Record):
    """One examined face at one moment, with what the picture branches said of it."""

    time: Seconds
    box: Box
    square: Box | None = Field(default=None, description="What crop and heatmap show")
    detection: Probability = Field(description="Confidence that this is a face")
    gate_score: Probability | None = None
    visual_score: Probability | None = None
    crop: str | None = Field(default=None, description="Artefact name")
    heatmap: str | None = Field(default=None, description="Artefact name")


class PersonEvidence(Record):
    """A face track or several, taken to be one person."""

    person: int = Field(ge=0)
    faces: list[FacePoint]
    score: Probability | None = None
    temporal_score: Probability | None = None
    sync_score: Probability | None = Field(default=None, description="P(in sync)")


class Sighting(Record):
    """A face at one moment."""

    time: Seconds
    box: Box


class BystanderEvidence(Record):
    """Somebody who was found and not examined."""

    reason: PassedOver
    sightings: list[Sighting]


class Window(Record):
    """A scored span of time."""

    start: Seconds
    end: Seconds
    score: Probability


class Preview(Record):
    """The most suspect face in small, with what a branch saw where; fits into an event."""

    picture: str = Field(description="JPEG as a data: address")
    scores: list[list[Probability]] = Field(description="Rows over the picture, from the top")


class OffsetCurve(Record):
    """Mean distance of lip and voice embeddings at each shift of the sound."""

    offsets: list[float] = Field(description="Seconds; positive: the sound is late")
    distances: list[float]
    best_offset: float = Field(description="Seconds")
    confidence: float = Field(description="Median minus minimum of the curve")
    spread: float = Field(ge=0.0, description="Standard deviation of per-window offsets, seconds")


class BranchState(StrEnum):
    """`not_applicable` means the media lacks what the branch needs: it is not a score."""

    DONE = "done"
    SKIPPED = "skipped"
    NOT_APPLICABLE = "not_applicable"
    FAILED = "failed"


class BranchEvidence(Record):
    """What one branch concluded. Only `done` carries a score."""

    state: BranchState
    score: Probability | None = Field(default=None, description="P(fake); for av_sync as well")
    reason: str | None = None
    sentence: str = Field(default="", description="The finding, for a person")
    models: tuple[str, ...] = Field(default=(), description="Folders under models/")
    windows: list[Window] = Field(default_factory=list)
    offset_curve: OffsetCurve | None = None
    preview: Preview | None = None
    detail: dict[str, Any] = Field(default_factory=dict)


class Contribution(Record):
    """Share of one feature in the fused log-odds.

    All shares and the baseline add up to it, before it is held to the most that a head may say.
    """

    feature: str
    value: float
    log_odds: float


class Fused(Record):
    """The calibrated fusion: probability, abstention band, and where it came from."""

    head: str = Field(description="Which modalities the head weighs, joined by '+'")
    probability: Probability
    log_odds: float
    baseline: float = Field(description="Log-odds of the head before any feature")
    contributions: list[Contribution]
    temperature: float = Field(gt=0.0)
    authentic_below: Probability = Field(description="Lower edge of the Inconclusive band")
    deepfake_above: Probability = Field(description="Upper edge of the Inconclusive band")


class Reliability(Record):
    """How often a verdict was right on media of sources that nothing has learned from."""

    right: Probability = Field(description="Share of the verdicts that were right")
    of: int = Field(gt=0, description="Verdicts of this kind that were given")
    sources: int = Field(gt=0, description="Sources that the media came from")


class ModalityVerdict(Record):
    """What the picture, the voice, or how both fit says on its own, by its own edges."""

    modality: Modality
    verdict: Verdict
    probability: Probability
    head: str = Field(description="Which scores were weighed, joined by '+'")
    authentic_below: Probability = Field(description="Lower edge of the Inconclusive band")
    deepfake_above: Probability = Field(description="Upper edge of the Inconclusive band")
    decisive_above: Probability = Field(
        description="From here on this modality alone makes the whole a Deepfake"
    )
    reliability: Reliability | None = Field(
        default=None, description="Of this verdict by this head; null where it was not measured"
    )


class CalibratedOn(Record):
    """Whose files moved the edges of this installation (`assay calibrate`)."""

    name: str
    made: str = Field(description="ISO 8601")
    sha256: str = Field(description="Of the calibration")
    real: int = Field(ge=0, description="Genuine files of this kind")
    fake: int = Field(ge=0, description="Fakes of this kind")
    false_alarms: Probability = Field(
        description="Genuine files called Deepfake, by edges that were set without them"
    )


class TimelineSecond(Record):
    """One second of the media; None where nothing was examined."""

    second: int = Field(ge=0)
    gate: Probability | None = None
    visual: Probability | None = None
    audio: Probability | None = None
    sync_offset: float | None = Field(default=None, description="Seconds")


class Extent(Record):
    """How much of something was examined, in seconds."""

    examined: Seconds
    of: Seconds | None = Field(description="null where the media does not tell its length")


class People(Record):
    """How many of those who were found were examined."""

    examined: int = Field(ge=0)
    of: int = Field(ge=0)


class Coverage(Record):
    """What the verdict rests on, of what there is."""

    picture: Extent | None = Field(description="null for stills, and without a picture")
    sound: Extent | None = Field(description="null without sound")
    people: People | None = Field(description="null without a picture")


class SweptPicture(Record):
    """A picture of the sweep that shows faces."""

    time: Seconds
    faces: int = Field(gt=0, description="That were scored")
    score: Probability = Field(description="Of the most suspect")
    box: Box = Field(description="Of the most suspect")


class Highest(Record):
    """A stretch of the sweep with high scores."""

    modality: Literal[Modality.PICTURE, Modality.VOICE]
    start: Seconds
    end: Seconds
    score: Probability = Field(description="On average over the stretch")


class Sweep(Record):
    """A score at every moment. The verdict rests on the usual sample and not on this.

    Among so many moments some score high by chance; how often, nobody has measured.
    """

    looked: int = Field(ge=0, description="Pictures that were searched for faces")
    step: Seconds = Field(description="Between two of them")
    pictures: list[SweptPicture]
    voice: list[Window]
    highest: list[Highest] = Field(description="The highest first, whatever they score")
    coverage: Coverage


class StoredFrame(Record):
    """A whole picture of the media, for those who cannot play it and for printed reports."""

    time: Seconds
    picture: str = Field(description="Artefact name")


class StageTiming(Record):
    """A stage's final state and time."""

    stage: str
    state: StageState
    ms: float = Field(ge=0.0)


class Report(Record):
    """The full evidence of one analysis."""

    verdict: Verdict
    confidence: float = Field(ge=0.0, le=100.0, description="For the stated verdict")
    probability: Probability | None = Field(
        description="Calibrated P(fake); null where nothing could be weighed"
    )
    reasons: list[Reason] = Field(default_factory=list)
    summary: str = Field(description="The verdict in one or two sentences")
    reliability: Reliability | None = Field(
        default=None, description="Of this verdict by this head; null where it was not measured"
    )
    early_exit: bool = Field(description="Heavy visual branches were skipped by the gate")
    features: dict[str, float | None]
    branches: dict[str, BranchEvidence]
    fusion: Fused | None = Field(
        default=None, description="What decided: all that was weighed, or one modality alone"
    )
    modalities: list[ModalityVerdict] = Field(default_factory=list)
    decided_by: Modality | None = Field(
        default=None,
        description="The modality whose evidence alone decided; null where all were weighed",
    )
    asked: Asked = Field(default=AS_USUAL, description="How the file was to be examined")
    calibration: CalibratedOn | None = Field(
        default=None, description="null where the edges are those that ship"
    )
    media: MediaInfo
    hints: Hints | None = None
    coverage: Coverage | None = Field(
        default=None, description="None in reports of versions that did not measure it"
    )
    faces: FaceCounters | None = None
    persons: list[PersonEvidence] = Field(default_factory=list)
    bystanders: list[BystanderEvidence] = Field(
        default_factory=list, description="People who were found and not examined"
    )
    timeline: list[TimelineSecond] = Field(default_factory=list)
    sweep: Sweep | None = Field(default=None, description="Where it was asked for")
    waveform: str | None = Field(default=None, description="Artefact name of the peaks (JSON)")
    frames: list[StoredFrame] = Field(
        default_factory=list, description="Whole pictures of the media, in order of time"
    )
    thumbnail: str | None = Field(
        default=None, description="Artefact name of a small picture; null without a picture"
    )
    stages: list[StageTiming] = Field(default_factory=list)
    models: dict[str, str] = Field(
        default_factory=dict, description="Files that took part, as folder/file, to their sha256"
    )
    version: str = Field(description="Of Assay, semantic")
    pipeline: str = Field(
        description="Of what judged: code, models and libraries that can change an answer"
    )
    warnings: list[str] = Field(default_factory=list)
