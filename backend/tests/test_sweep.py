"""All of a media: what is named as highest, and that nobody is left out."""

import itertools
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.errors import AssayError
from assay.evidence import Asked, Modality, StageEvent, StageState
from assay.jobs.tracking import Tracker, untouched
from assay.media.faces.every import AT_ONCE, Seen, every_face
from assay.media.faces.photographs import PhotographCheck
from assay.media.io.reader import open_media
from assay.media.material import FaceCrop
from assay.media.sampling import MAX_SPEECH_SECONDS, Span
from assay.media.stages import FACE_DETECTOR, PHOTOGRAPH
from assay.models.sessions import ModelStore
from assay.settings import Settings
from assay.stages import SWEEP, stages, stages_for
from assay.sweep import MOST_HIGHEST, STRETCH, _highest, _look, _Score, sweep
from assay.types import Floats
from tests.branches.faces import crop
from tests.media.faces.stage import StillFrame, person, put, stage
from tests.media_factory import VOICE_RATE, speak, write_sound, write_video
from tests.serving import has_all_models

needs_models = pytest.mark.skipif(not has_all_models(), reason="models are missing")


def every_second(scores: list[float]) -> list[_Score]:
    return [_Score(float(n), n + 1.0, score) for n, score in enumerate(scores)]


def test_the_highest_stretch_is_where_the_scores_are_high() -> None:
    scores = [0.1] * 100
    scores[40:48] = [0.9] * 8
    first, *others = _highest(every_second(scores), Modality.PICTURE)
    assert (first.start, first.end) == (40.0, 48.0)
    assert first.score == pytest.approx(0.9)
    assert all(each.score < 0.5 for each in others)


def test_one_high_moment_counts_as_one_of_its_stretch() -> None:
    scores = [0.1] * 100
    scores[40] = 1.0
    first, *_ = _highest(every_second(scores), Modality.PICTURE)
    assert first.score == pytest.approx((7 * 0.1 + 1.0) / 8)


def test_a_stretch_that_holds_next_to_nothing_is_not_named() -> None:
    scores = [*every_second([0.2] * 20), _Score(60.0, 61.0, 1.0)]
    assert all(each.end <= 20.0 for each in _highest(scores, Modality.VOICE))


@given(st.lists(st.tuples(st.floats(0, 500), st.floats(0, 1)), max_size=60))
def test_highest_are_few_apart_and_in_order(moments: list[tuple[float, float]]) -> None:
    scores = [_Score(time, time + 0.24, score) for time, score in sorted(moments)]
    found = _highest(scores, Modality.PICTURE)
    assert len(found) <= MOST_HIGHEST
    assert (not scores) == (not found)
    assert all(each.end - each.start <= STRETCH + 0.26 for each in found)
    assert [each.score for each in found] == sorted((each.score for each in found), reverse=True)
    for one, other in itertools.combinations(found, 2):
        assert one.end <= other.start + 0.01 or other.end <= one.start + 0.01


def test_only_who_asks_for_it_gets_the_stage() -> None:
    assert stages_for(Asked(), stages()) == stages()
    names = [stage.name for stage in stages_for(Asked(thorough=True), stages())]
    assert names.index("faces") < names.index(SWEEP) < names.index("fusion")


def test_the_sweep_is_most_of_the_progress() -> None:
    tracker = Tracker(untouched(stages_for(Asked(thorough=True), stages())))
    for name in ("ingest", "hints", "faces", "gate", "visual", "temporal", "audio", "av_sync"):
        tracker.apply(done(name))
    assert tracker.percent < 20


def done(name: str) -> StageEvent:
    return StageEvent(stage=name, state=StageState.DONE, percent=100)


def test_lots_of_one_picture_are_joined_whichever_of_them_hold_no_photograph(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The first eight faces of a crowd may all be drawn, on the very first picture as well."""
    lots = [
        Seen(0.0, True, [], []),
        Seen(0.0, False, [crop(0.0)], []),
        Seen(0.0, False, [crop(0.0), crop(0.0)], []),
        Seen(1.0, True, [crop(1.0)], []),
        Seen(2.0, True, [], []),
        Seen(2.0, False, [crop(2.0)], []),
    ]
    monkeypatch.setattr("assay.sweep.every_face", lambda *_: iter(lots))
    monkeypatch.setattr("assay.sweep.Visual", lambda models: SimpleNamespace(score=brighter))
    monkeypatch.setattr("assay.sweep.PhotographCheck", lambda session, **parameters: None)
    media = SimpleNamespace(info=SimpleNamespace(video=True), frames=lambda spans: iter(()))
    models = SimpleNamespace(session=lambda name: None, parameters=lambda name: {})
    looked, pictures = _look(media, Span(0.0, 3.0), 1.0, models, lambda percent: None)  # type: ignore[arg-type]
    assert looked == 3
    assert [(each.time, each.faces) for each in pictures] == [(0.0, 3), (1.0, 1), (2.0, 1)]


def brighter(crops: list[FaceCrop], *_: object) -> Floats:
    """Scores that rise within a lot."""
    return np.linspace(0.4, 0.6, len(crops), dtype=np.float32)


@needs_models
def test_every_face_of_a_crowd_is_cut_out_a_few_at_a_time() -> None:
    store = ModelStore(Settings().models_dir, threads=2)
    check = PhotographCheck(store.session(PHOTOGRAPH), **store.parameters(PHOTOGRAPH))
    picture = stage(1920, 1080)
    for x, y in itertools.product(range(6), range(5)):
        put(picture, person(), 170 + 315 * x, 120 + 205 * y, 90)
    frames = [
        StillFrame(picture, time=n / 25, segment=0, is_detection_frame=n % 6 == 0)
        for n in range(51)
    ]
    seen = list(every_face(iter(frames), store.session(FACE_DETECTOR), 1.0, check))
    assert all(len(lot.crops) <= AT_ONCE for lot in seen)
    assert [round(lot.time) for lot in seen if lot.is_new] == [0, 1, 2]
    for second in (0, 1, 2):
        faces = sum(len(lot.crops) for lot in seen if round(lot.time) == second)
        assert 27 <= faces <= 30


@needs_models
def test_all_sound_comes_in_pieces(tmp_path: Path) -> None:
    path = write_sound(tmp_path / "long.wav", np.tile(speak(), 16))
    store = ModelStore(Settings().models_dir, threads=1)
    with open_media(path, Settings()) as media:
        length = media.info.duration or 0.0
        pieces = list(media.all_speech(Span(0.0, length), store.session("vad")))
    assert length > 2 * MAX_SPEECH_SECONDS
    assert all(
        len(wave) <= MAX_SPEECH_SECONDS * 16_000 for each in pieces for _, wave in each.spans
    )
    heard = sum(len(wave) for each in pieces for _, wave in each.spans) / 16_000
    assert heard == pytest.approx(length, abs=0.2)
    assert all(0 <= start < end <= length + 0.1 for each in pieces for start, end in each.voiced)


@needs_models
def test_a_sweep_covers_picture_and_voice_and_can_be_stopped(tmp_path: Path) -> None:
    sound = speak()[: 2 * VOICE_RATE]
    path = write_video(
        tmp_path / "talk.mp4", seconds=2, size=(320, 240), sound=sound, sound_rate=VOICE_RATE
    )
    store = ModelStore(Settings().models_dir, threads=1)
    with open_media(path, Settings()) as media:
        info = media.info
    told: list[float] = []
    found = sweep(path, info, Asked(thorough=True), Settings(), store, told.append)
    assert told == sorted(told)
    assert found.looked >= 7
    assert found.voice
    assert found.coverage.picture is not None
    assert found.coverage.picture.examined == found.coverage.picture.of

    def stop(percent: float) -> None:
        raise AssayError("cancelled", "The analysis was cancelled.")

    with pytest.raises(AssayError, match="cancelled"):
        sweep(path, info, Asked(thorough=True), Settings(), store, stop)
