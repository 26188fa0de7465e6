"""The pipeline with scripted branches: order, early exit, faults, cancellation, and the report."""

import shutil
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Any, cast

import pytest

from assay import __version__, pipeline
from assay.branches.base import Branch, Finding, Findings, OnProgress, not_applicable
from assay.branches.info import BranchInfo
from assay.errors import AssayError
from assay.evidence import (
    AS_USUAL,
    FEATURES,
    Asked,
    BranchEvidence,
    BranchState,
    FaceCounters,
    Hints,
    MediaInfo,
    Report,
    StageEvent,
    StageState,
)
from assay.media.material import Material
from assay.models.sessions import ModelStore
from assay.pipeline import analyse, examine, features_of
from assay.progress import Progress
from assay.provenance import pipeline_version
from assay.settings import Settings
from tests.media_factory import VOICE_RATE, speak, write_sound
from tests.model_factory import install, install_fusion
from tests.networks import MODELS

MEDIA = MediaInfo(kind="video", container="mp4", size_bytes=1, sha256="")
MATERIAL = Material(MEDIA, Hints(), [], FaceCounters(), None)
NOBODY_ASKS = cast(ModelStore, None)

Act = Callable[[Findings, OnProgress], Finding]
ACTS: dict[type[Branch], Act] = {}
"""What each scripted branch does instead of looking at media."""


class Scripted(Branch):
    def examine(self, material: Material, earlier: Findings, on_progress: OnProgress) -> Finding:
        return ACTS[type(self)](earlier, on_progress)


class Gate(Scripted): ...


class Visual(Scripted): ...


class Temporal(Scripted): ...


class Audio(Scripted): ...


def info(branch: type[Branch], *needs: str, **more: Any) -> BranchInfo:
    name = branch.__name__.lower()
    values: dict[str, Any] = {
        "title": branch.__name__,
        "description": "Looks",
        "models": (f"{name}_net",),
        "features": (),
        "implementation": f"{__name__}:{branch.__name__}",
    }
    return BranchInfo(name=name, needs=needs, **values | more)


GATE = info(Gate, "faces")
VISUAL = info(Visual, "gate", heavy=True)
TEMPORAL = info(Temporal, "visual", heavy=True)
AUDIO = info(Audio, "faces")
ALL = (GATE, VISUAL, TEMPORAL, AUDIO)


def says(score: float = 0.5, *, clears: bool = False, **features: float) -> Act:
    """A branch that is done at once."""
    evidence = BranchEvidence(state=BranchState.DONE, score=score)
    return lambda earlier, on_progress: Finding(evidence=evidence, features=features, clears=clears)


@dataclass
class Watched:
    """Events as they come; after `stop_after` of them nobody wants the answer."""

    stop_after: float = float("inf")
    events: list[StageEvent] = field(default_factory=list)

    def should_continue(self) -> bool:
        return len(self.events) < self.stop_after

    def of(self, stage: str) -> list[StageState]:
        return [event.state for event in self.events if event.stage == stage]


def run(
    monkeypatch: pytest.MonkeyPatch,
    acts: dict[type[Branch], Act],
    branches: Sequence[BranchInfo] = ALL,
    *,
    asked: Asked = AS_USUAL,
    watched: Watched | None = None,
    material: Material = MATERIAL,
) -> dict[str, Finding]:
    watched = watched or Watched()
    monkeypatch.setattr(pipeline, "branches", lambda: tuple(branches))
    for branch, act in (
        {Gate: says(), Visual: says(), Temporal: says(), Audio: says()} | acts
    ).items():
        monkeypatch.setitem(ACTS, branch, act)
    progress = Progress(watched.events.append, watched.should_continue)
    return examine(material, NOBODY_ASKS, progress, asked)


def states(findings: dict[str, Finding]) -> dict[str, BranchState]:
    return {name: finding.evidence.state for name, finding in findings.items()}


# ------------------------------------------------------------------------------------ order


def test_a_branch_gets_the_findings_that_it_needs_and_no_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given: dict[str, list[str]] = {}

    def note(name: str) -> Act:
        def act(earlier: Findings, on_progress: OnProgress) -> Finding:
            given[name] = list(earlier)
            return says()(earlier, on_progress)

        return act

    acts = {branch: note(branch.__name__) for branch in (Gate, Visual, Temporal, Audio)}
    findings = run(monkeypatch, acts)
    assert given == {"Gate": [], "Visual": ["gate"], "Temporal": ["visual"], "Audio": []}
    assert list(findings) == ["gate", "visual", "temporal", "audio"]


def test_a_branch_begins_when_those_that_it_needs_have_ended(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    watched = Watched()
    run(monkeypatch, {}, watched=watched)
    order = [(event.stage, event.state) for event in watched.events]
    for before, after in (("gate", "visual"), ("visual", "temporal")):
        assert order.index((before, StageState.DONE)) < order.index((after, StageState.RUNNING))


def test_branches_that_do_not_need_each_other_run_side_by_side(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    both = threading.Barrier(2)

    def meet(earlier: Findings, on_progress: OnProgress) -> Finding:
        both.wait(timeout=60)
        return says()(earlier, on_progress)

    findings = run(monkeypatch, {Visual: meet, Audio: meet})
    assert set(states(findings).values()) == {BranchState.DONE}


# ------------------------------------------------------------------------------- early exit


def test_the_early_exit_spares_heavy_branches_and_those_behind_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    watched = Watched()
    unimportable = [
        GATE,
        info(Visual, "gate", heavy=True, implementation="no.such.module:Visual"),
        TEMPORAL,
        AUDIO,
    ]
    findings = run(monkeypatch, {Gate: says(0.1, clears=True)}, unimportable, watched=watched)
    assert states(findings) == {
        "gate": BranchState.DONE,
        "visual": BranchState.SKIPPED,
        "temporal": BranchState.SKIPPED,
        "audio": BranchState.DONE,
    }
    spared = {event.stage for event in watched.events if event.spared}
    assert spared == {"visual", "temporal"}
    evidence = findings["visual"].evidence
    assert evidence.reason is not None and evidence.reason.startswith("Early exit")
    assert (evidence.score, evidence.models) == (None, ("visual_net",))


def test_full_switches_the_early_exit_off(monkeypatch: pytest.MonkeyPatch) -> None:
    findings = run(monkeypatch, {Gate: says(0.1, clears=True)}, asked=Asked(full=True))
    assert set(states(findings).values()) == {BranchState.DONE}


def test_a_still_is_always_examined_fully(monkeypatch: pytest.MonkeyPatch) -> None:
    still = replace(MATERIAL, media=MEDIA.model_copy(update={"kind": "image"}))
    findings = run(monkeypatch, {Gate: says(0.1, clears=True)}, material=still)
    assert set(states(findings).values()) == {BranchState.DONE}


def test_a_branch_that_is_not_heavy_is_never_spared(monkeypatch: pytest.MonkeyPatch) -> None:
    light = [GATE, info(Visual, "gate")]
    findings = run(monkeypatch, {Gate: says(0.1, clears=True)}, light)
    assert states(findings)["visual"] is BranchState.DONE


def test_without_certainty_nothing_is_spared(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_face(earlier: Findings, on_progress: OnProgress) -> Finding:
        return not_applicable(GATE, "No face was found.")

    watched = Watched()
    findings = run(monkeypatch, {Gate: no_face}, watched=watched)
    assert states(findings)["visual"] is BranchState.DONE
    assert watched.of("gate")[-1] is StageState.SKIPPED
    assert not any(event.spared for event in watched.events)


# ----------------------------------------------------------------------------------- faults


@pytest.mark.parametrize("fault", ["in the code", "at the import"])
def test_a_branch_that_fails_costs_its_own_evidence(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, fault: str
) -> None:
    def divide(earlier: Findings, on_progress: OnProgress) -> Finding:
        raise ZeroDivisionError("secret")

    seen: list[BranchState] = []

    def look_back(earlier: Findings, on_progress: OnProgress) -> Finding:
        seen.append(earlier["visual"].evidence.state)
        return says(temporal_prob_fake=0.2)(earlier, on_progress)

    broken = info(Visual, "gate", implementation="no.such.module:Visual")
    branches = ALL if fault == "in the code" else (GATE, broken, TEMPORAL, AUDIO)
    watched = Watched()
    acts = {Visual: divide, Temporal: look_back, Audio: says(0.9, audio_prob_fake=0.9)}
    findings = run(monkeypatch, acts, branches, watched=watched)

    assert states(findings) == {
        "gate": BranchState.DONE,
        "visual": BranchState.FAILED,
        "temporal": BranchState.DONE,
        "audio": BranchState.DONE,
    }
    evidence = findings["visual"].evidence
    assert (evidence.score, evidence.models) == (None, ("visual_net",))
    assert evidence.reason == "This branch failed; the verdict does without it."
    assert seen == [BranchState.FAILED]
    assert watched.of("visual")[-1] is StageState.FAILED
    assert all("secret" not in str(event) for event in watched.events)
    assert "The branch visual failed" in caplog.text
    features = features_of(findings)
    assert list(features) == list(FEATURES)
    given = {name: value for name, value in features.items() if value is not None}
    assert given == {"temporal_prob_fake": 0.2, "audio_prob_fake": 0.9}


def test_an_error_for_people_ends_the_analysis(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(earlier: Findings, on_progress: OnProgress) -> Finding:
        raise AssayError("model_rejected", "A file is not the one that was released.")

    watched = Watched()
    with pytest.raises(AssayError) as caught:
        run(monkeypatch, {Visual: refuse}, watched=watched)
    assert caught.value.code == "model_rejected"
    (end,) = (event for event in watched.events if event.state is StageState.FAILED)
    assert (end.stage, end.reason) == ("visual", "A file is not the one that was released.")
    assert watched.of("temporal") == [], "what needs it never began"


def test_a_cancelled_analysis_starts_no_branch(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(AssayError) as caught:
        run(monkeypatch, {}, watched=Watched(stop_after=0))
    assert caught.value.code == "cancelled"


def test_a_branch_at_work_notices_that_it_is_cancelled(monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[float] = []

    def work(earlier: Findings, on_progress: OnProgress) -> Finding:
        for percent in range(100):
            on_progress(percent)
            steps.append(percent)
        return says()(earlier, on_progress)

    watched = Watched(stop_after=5)
    with pytest.raises(AssayError) as caught:
        run(monkeypatch, {Gate: work}, [GATE, VISUAL], watched=watched)
    assert caught.value.code == "cancelled"
    assert steps == [0, 1, 2, 3]
    assert watched.of("gate")[-1] is StageState.FAILED
    assert watched.of("visual") == [], "it never began"


# ------------------------------------------------------------------------------- the report


@pytest.fixture
def voice(tmp_path: Path) -> Path:
    return write_sound(tmp_path / "voice.wav", speak()[: 3 * VOICE_RATE])


@pytest.fixture
def models(tmp_path: Path) -> ModelStore:
    folder = tmp_path / "models"
    install_fusion(folder, "audio", "tiny+visual")
    shutil.copytree(MODELS / "vad", folder / "vad")
    install(folder, "vad", serve="model.onnx")
    return ModelStore(folder, threads=1)


def judge(path: Path, models: ModelStore, watched: Watched, **more: Any) -> Report:
    return analyse(
        path,
        settings=Settings(threads=1),
        models=models,
        emit=watched.events.append,
        should_continue=watched.should_continue,
        save=lambda name, content: None,
        **more,
    )


def test_from_a_file_to_a_report(
    monkeypatch: pytest.MonkeyPatch, voice: Path, models: ModelStore
) -> None:
    monkeypatch.setattr(pipeline, "branches", lambda: (GATE, AUDIO))
    monkeypatch.setitem(ACTS, Gate, lambda *_: not_applicable(GATE, "The media has no picture."))
    monkeypatch.setitem(ACTS, Audio, says(0.99, audio_prob_fake=0.99))
    watched = Watched()

    report = judge(voice, models, watched)

    assert report.media.kind == "audio"
    assert {name: value for name, value in report.features.items() if value is not None} == {
        "audio_prob_fake": 0.99
    }
    assert report.fusion is not None and report.fusion.head == "audio"
    assert report.probability == report.fusion.probability
    assert [timing.stage for timing in report.stages][:3] == ["ingest", "hints", "faces"]
    assert [timing.stage for timing in report.stages][-2:] == ["fusion", "verdict"]
    assert {event.stage for event in watched.events} == {t.stage for t in report.stages}
    assert not report.early_exit
    head = (models.folder / "fusion" / "audio.joblib").read_bytes()
    vad = (models.folder / "vad" / "model.onnx").read_bytes()
    assert report.models == {
        "fusion/audio.joblib": sha256(head).hexdigest(),
        "vad/model.onnx": sha256(vad).hexdigest(),
    }
    assert models.used == {}, "what one analysis used is not what the next one did"
    assert (report.version, report.pipeline) == (__version__, pipeline_version(models.digest))


def test_an_early_exit_stands_in_the_report(
    monkeypatch: pytest.MonkeyPatch, voice: Path, models: ModelStore
) -> None:
    monkeypatch.setattr(pipeline, "branches", lambda: (GATE, VISUAL, AUDIO))
    monkeypatch.setitem(ACTS, Gate, says(0.1, clears=True))
    monkeypatch.setitem(ACTS, Visual, says(0.9))
    monkeypatch.setitem(ACTS, Audio, says(0.1, audio_prob_fake=0.1))

    assert judge(voice, models, Watched()).early_exit
    assert not judge(voice, models, Watched(), asked=Asked(full=True)).early_exit


def test_a_cancelled_analysis_opens_no_file(tmp_path: Path, models: ModelStore) -> None:
    with pytest.raises(AssayError) as caught:
        judge(tmp_path / "never opened", models, Watched(stop_after=0))
    assert caught.value.code == "cancelled"


def test_without_its_head_nothing_is_judged(
    monkeypatch: pytest.MonkeyPatch, voice: Path, models: ModelStore
) -> None:
    monkeypatch.setattr(pipeline, "branches", lambda: (AUDIO,))
    monkeypatch.setitem(ACTS, Audio, says(0.1, audio_prob_fake=0.1))
    (models.folder / "fusion" / "audio.joblib").write_bytes(b"another")

    with pytest.raises(AssayError) as caught:
        judge(voice, models, Watched())
    assert caught.value.code == "model_rejected"
