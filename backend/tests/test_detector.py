"""`from assay import Detector`: the analysis as other people's programs call it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import numpy as np
import pytest

import assay
from assay import Detector
from assay.detector import Media, decided_at
from assay.errors import AssayError
from assay.evidence import Reason, Report, Verdict
from assay.settings import Settings
from tests.media_factory import portrait, speak, write_sound


@pytest.fixture(scope="module")
def detector() -> Detector:
    return Detector(settings=Settings(threads=1))


@pytest.fixture(scope="module")
def report(detector: Detector) -> Report:
    """Of a portrait in pixels."""
    return detector.analyze(portrait())


def test_importing_the_package_loads_neither_decoder_nor_runtime() -> None:
    program = "import assay, sys; print(sorted({'cv2', 'numpy', 'onnxruntime'} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout.strip() == "[]"


def test_the_package_has_no_other_names() -> None:
    with pytest.raises(AttributeError, match="Detektor"):
        assay.Detektor  # noqa: B018


def test_pixels_are_judged_as_a_picture(report: Report) -> None:
    assert report.media.kind == "image" and report.media.container == "png"
    assert report.media.video is not None
    assert (report.media.video.width, report.media.video.height) == (512, 512)
    assert report.features["visual_num_faces"] == 1
    assert report.probability is not None


def test_pixels_and_a_file_that_holds_them_are_judged_alike(
    detector: Detector, report: Report, tmp_path: Path
) -> None:
    file = tmp_path / "portrait.bmp"
    cv2.imwrite(str(file), portrait()[..., ::-1])
    for path in (file, str(file)):
        assert detector.analyze(path).features == report.features


def test_pixels_may_be_any_view(detector: Detector, report: Report) -> None:
    mirrored = np.asfortranarray(portrait()[:, ::-1])
    assert detector.analyze(mirrored[:, ::-1]).features == report.features


def test_a_voice_is_judged_by_its_file(detector: Detector, tmp_path: Path) -> None:
    heard = detector.analyze(write_sound(tmp_path / "voice.wav", speak()))
    assert heard.media.kind == "audio"
    assert heard.features["audio_prob_fake"] is not None


@pytest.mark.parametrize("threshold", [0.0, 1.0, -0.1, 1.5, float("nan")])
def test_a_threshold_is_a_probability(threshold: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        Detector(threshold=threshold)


def test_a_threshold_decides_alone(report: Report) -> None:
    p = report.probability
    assert p is not None and report.fusion is not None
    called = decided_at(report, p)
    assert called.verdict is Verdict.DEEPFAKE and called.confidence == pytest.approx(100 * p)
    assert "reaches the threshold" in called.summary
    cleared = decided_at(report, float(np.nextafter(p, 1)))
    assert cleared.verdict is Verdict.AUTHENTIC
    assert cleared.confidence == pytest.approx(100 * (1 - p))
    assert "is below the threshold" in cleared.summary
    for decided in (called, cleared):
        assert decided.probability == p and decided.features == report.features


def test_a_threshold_holds_for_every_analysis(report: Report) -> None:
    assert report.probability is not None
    above = Detector(threshold=(1 + report.probability) / 2, settings=Settings(threads=1))
    assert above.analyze(portrait()).verdict is Verdict.AUTHENTIC


def test_a_threshold_decides_nothing_where_nothing_was_weighed() -> None:
    strict = Detector(threshold=0.01, settings=Settings(threads=1))
    empty = strict.analyze(np.full((64, 64, 3), 128, np.uint8))
    assert empty.verdict is Verdict.INCONCLUSIVE and empty.probability is None
    assert Reason.NOTHING_TO_JUDGE in empty.reasons


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        (np.zeros((8, 8, 3), np.float32), TypeError),
        ([[0, 0, 0]], TypeError),
        (None, TypeError),
        (b"clip.mp4", TypeError),
        (np.zeros((8, 8), np.uint8), ValueError),
        (np.zeros((8, 8, 4), np.uint8), ValueError),
        (np.zeros((2, 8, 8, 3), np.uint8), ValueError),
        (np.zeros((0, 8, 3), np.uint8), ValueError),
    ],
)
def test_what_is_no_picture_is_refused(
    detector: Detector, wrong: Media, error: type[Exception]
) -> None:
    with pytest.raises(error):
        detector.analyze(wrong)


def test_a_picture_beyond_the_limit_is_refused() -> None:
    small = Detector(settings=Settings(threads=1, max_picture_pixels=10_000))
    with pytest.raises(AssayError, match="picture") as refused:
        small.analyze(portrait())
    assert refused.value.code == "too_big_picture"


def test_of_many_each_has_its_answer_in_order(
    detector: Detector, report: Report, tmp_path: Path
) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("no media")
    media = (portrait(), tmp_path / "absent.mp4", text, tmp_path, portrait())
    first, *failed, last = detector.analyze_all(iter(media))
    assert isinstance(first, Report) and isinstance(last, Report)
    assert first.features == last.features == report.features
    codes = [each.code for each in failed if isinstance(each, AssayError)]
    assert codes == ["missing_file", "not_media", "missing_file"]


def test_many_are_not_read_ahead(detector: Detector) -> None:
    def endless() -> Iterator[Media]:
        while True:
            yield portrait()

    answers = detector.analyze_all(endless())
    assert isinstance(next(answers), Report)


def test_a_mistake_in_the_call_is_not_taken_for_a_bad_file(detector: Detector) -> None:
    with pytest.raises(TypeError):
        list(detector.analyze_all([None]))  # type: ignore[list-item]


def test_several_threads_may_share_one() -> None:
    shared = Detector(settings=Settings(threads=1))
    pictures = [portrait(), np.ascontiguousarray(portrait()[:, ::-1])] * 2
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(shared.analyze, pictures))
    assert answers[0].features == answers[2].features
    assert answers[1].features == answers[3].features
    assert answers[0].features != answers[1].features
    assert answers[0].models == answers[1].models, "each counts what it used for itself"


def test_without_models_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(AssayError) as missing:
        Detector(settings=Settings(models_dir=tmp_path))
    assert missing.value.code == "models_missing"
