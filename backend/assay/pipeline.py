r"""The pipeline, top to bottom. Knows no HTTP and no database.

ingest -> hints -> faces -> gate --(confidently real)--------------------> fusion -> verdict
                              \--> visual -> temporal, audio, av_sync ---/
"""

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from assay import __version__, explain
from assay.branches import branches
from assay.branches.base import Finding, Findings, OnProgress, load, without_score
from assay.branches.info import BranchInfo
from assay.calibration import in_use
from assay.coverage import coverage
from assay.errors import AssayError
from assay.evidence import (
    AS_USUAL,
    FEATURES,
    Asked,
    BranchState,
    FaceCounters,
    Hints,
    Place,
    Report,
)
from assay.media.faces.look import Look, look_for_persons
from assay.media.faces.photographs import PhotographCheck
from assay.media.forensics.hints import read_hints
from assay.media.io.reader import MediaReader, open_media
from assay.media.material import Material, Speech
from assay.media.sampling import Span, extent_of
from assay.media.stages import FACE_DETECTOR, PHOTOGRAPH, VAD
from assay.models.sessions import ModelStore
from assay.progress import Emit, Progress, ShouldContinue
from assay.provenance import pipeline_version
from assay.settings import Settings
from assay.stages import SWEEP
from assay.sweep import sweep
from assay.verdict import judge

log = logging.getLogger(__name__)

Save = Callable[[str, bytes], None]


def analyse(
    path: Path,
    *,
    settings: Settings,
    models: ModelStore,
    emit: Emit,
    should_continue: ShouldContinue,
    save: Save,
    asked: Asked = AS_USUAL,
) -> Report:
    """Judge one file.

    Args:
        path: A local file; its name means nothing.
        settings: Limits and threads.
        models: The verified models.
        emit: Called with every stage event as it happens, from any thread.
        should_continue: Asked between stages and batches whether the answer is still wanted.
        save: Called with name and content of every artefact.
        asked: What is to be examined of it, and how.

    Raises:
        AssayError: The media cannot be read or judged, a model is missing, or `cancelled`.
    """
    models = models.tracked()
    progress = Progress(emit, should_continue)
    material, warnings = extract(path, settings, models, progress, asked)
    findings = examine(material, models, progress, asked)
    swept = None
    if asked.thorough:
        with progress.stage(SWEEP) as stage:
            swept = sweep(path, material.media, asked, settings, models, stage.on_progress)
            stage.detail = {"pictures": swept.looked, "windows": len(swept.voice)}
    features = features_of(findings)
    version = pipeline_version(models.digest)
    kind = material.media.kind
    with progress.stage("fusion") as stage:
        own = in_use(settings, version)
        shift = own.shift(kind) if own else None
        judged = judge(features, models, explain.ood_score(findings), shift)
        stage.detail = judged.fused.model_dump(mode="json", by_alias=True) if judged.fused else {}
    with progress.stage("verdict") as stage:
        stage.detail = {
            "verdict": judged.verdict,
            "confidence": judged.confidence,
            "probability": judged.probability,
        }
        early_exit = any(
            finding.evidence.state is BranchState.SKIPPED for finding in findings.values()
        )
        reasons = explain.reasons(material, findings, judged)
        people = explain.persons(material, findings, judged.fused, save)
        report = Report(
            verdict=judged.verdict,
            confidence=judged.confidence,
            probability=judged.probability,
            reasons=reasons,
            summary=explain.summary(judged, reasons),
            early_exit=early_exit,
            features=features,
            branches={name: finding.evidence for name, finding in findings.items()},
            fusion=judged.fused,
            reliability=judged.reliability,
            modalities=judged.modalities,
            decided_by=judged.decided_by,
            asked=asked,
            calibration=own.told(kind) if own else None,
            media=material.media,
            hints=material.hints,
            coverage=coverage(material),
            faces=material.faces,
            persons=people,
            bystanders=explain.bystanders(material),
            timeline=explain.timeline(people, findings, swept),
            sweep=swept,
            waveform=explain.waveform(material.speech, save),
            frames=explain.frames(material.pictures, save),
            thumbnail=explain.cover(material.pictures, save),
            models=dict(sorted(models.used.items())),
            version=__version__,
            pipeline=own.version(version) if own else version,
            warnings=warnings,
        )
    return report.model_copy(update={"stages": progress.timings})


def extract(
    path: Path, settings: Settings, models: ModelStore, progress: Progress, asked: Asked = AS_USUAL
) -> tuple[Material, list[str]]:
    """Bytes to material, and warnings about what was lost on the way."""
    with progress.stage("ingest") as stage:
        media = open_media(path, settings)
        stage.detail = media.info.model_dump(mode="json", by_alias=True)
    with media:
        within = extent_of(media.info, asked.start, asked.end)
        with progress.stage("hints") as stage:
            hints = read_hints(media)
            stage.detail = hints.model_dump(mode="json", by_alias=True)
        with progress.stage("faces") as stage:
            spans, patches, persons, counters, bystanders = _look(
                media, hints, models, stage.on_progress, within, asked.face
            )
            speech = _hear(media, spans, models, within)
            stage.detail = {
                "persons": len(persons),
                "faces": sum(len(person.crops) for person in persons),
                "voicedSeconds": speech.voiced_seconds if speech else None,
                "counters": counters.model_dump(mode="json", by_alias=True),
                "thumbnails": explain.thumbnails(persons),
                "waveform": explain.sketch(speech),
            }
        material = Material(
            media.info,
            hints,
            persons,
            counters,
            speech,
            bystanders,
            spans,
            patches,
            media.album.pictures,
        )
        return material, media.warnings


def _look(
    media: MediaReader,
    hints: Hints,
    models: ModelStore,
    on_progress: OnProgress,
    within: Span | None,
    wanted: Place | None,
) -> Look:
    """Everybody in the picture; where there is none, the detector takes no part."""
    if media.info.kind == "audio":
        return Look([], [], [], FaceCounters(), [])
    detector = models.session(FACE_DETECTOR)
    check = PhotographCheck(models.session(PHOTOGRAPH), **models.parameters(PHOTOGRAPH))
    return look_for_persons(media, hints, detector, on_progress, within, wanted, check)


def _hear(
    media: MediaReader, spans: Sequence[Span], models: ModelStore, within: Span | None
) -> Speech | None:
    """What is spoken; where there is no sound, the detector of speech takes no part."""
    return None if media.info.audio is None else media.speech(spans, models.session(VAD), within)


def examine(
    material: Material, models: ModelStore, progress: Progress, asked: Asked
) -> dict[str, Finding]:
    """Run the branches side by side, each as soon as those that it needs have finished.

    Returns:
        What each of them found, by name. One that raised costs its own evidence alone.

    Raises:
        AssayError: A model is missing, or `cancelled`.
    """
    running: dict[str, Future[Finding]] = {}
    # A still costs the heavy branches one picture: nothing worth a less certain answer is saved.
    may_exit = asked.may_exit and material.media.kind != "image"

    def run(branch: BranchInfo) -> Finding:
        # The registry has sorted them: what a branch needs has been submitted before it.
        earlier = {name: running[name].result() for name in branch.needs if name in running}
        if branch.heavy and may_exit and any(map(_spares, earlier.values())):
            return _skip(branch, progress)
        return _run(branch, material, models, earlier, progress)

    # One thread a branch: a waiting branch must not hold the place of the one it waits for.
    with ThreadPoolExecutor(len(branches())) as pool:
        for branch in branches():
            running[branch.name] = pool.submit(run, branch)
    return {name: future.result() for name, future in running.items()}


def _spares(finding: Finding) -> bool:
    """Whether a finding makes heavy branches behind it unnecessary."""
    return finding.clears or finding.evidence.state is BranchState.SKIPPED


def _skip(branch: BranchInfo, progress: Progress) -> Finding:
    reason = "Early exit: the gate found the faces confidently real."
    progress.spare(branch.name, reason)
    return without_score(branch, BranchState.SKIPPED, reason)


def _run(
    branch: BranchInfo,
    material: Material,
    models: ModelStore,
    earlier: Findings,
    progress: Progress,
) -> Finding:
    """One branch; a fault of its own costs its evidence, not the analysis."""
    try:
        with progress.stage(branch.name) as stage:
            finding = load(branch)(models).examine(material, earlier, stage.on_progress)
            evidence = finding.evidence
            stage.detail = evidence.model_dump(mode="json", by_alias=True)
            if evidence.state is BranchState.NOT_APPLICABLE:
                stage.skip(evidence.reason or "")
            return finding
    except AssayError:
        raise
    except Exception:
        log.exception("The branch %s failed", branch.name)
        reason = "This branch failed; the verdict does without it."
        return without_score(branch, BranchState.FAILED, reason)


def features_of(findings: Findings) -> dict[str, float | None]:
    """All twelve, in their order; None where no branch provides one."""
    found = {
        name: value for finding in findings.values() for name, value in finding.features.items()
    }
    return {name: found.get(name) for name in FEATURES}
