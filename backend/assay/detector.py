"""The analysis as a library: `from assay import Detector; Detector().analyze("clip.mp4")`.

It runs in the process of the caller. Files of strangers are better left to `assay serve` or
`assay analyze`, whose child processes may crash without harm.
"""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import cv2
import numpy as np

from assay.errors import AssayError
from assay.evidence import Asked, Report, Verdict
from assay.models.sessions import ModelStore
from assay.pipeline import analyse
from assay.settings import Settings, get_settings
from assay.types import Image
from assay.verdict import confidence_in, verdict_of

Media = str | os.PathLike[str] | Image
"""A file, or the pixels of a picture: RGB, (height, width, 3) uint8, as displayed."""


class Detector:
    """Judges files and pictures.

    One is enough: models are loaded once, on first use, and it may be shared between threads.

    Args:
        threshold: Of P(fake): from there on the verdict is Deepfake, below it Authentic. Without
            one the service's own edges decide, with Inconclusive between them, and their error
            rates are measured; those of a threshold are yours to measure.
        settings: Models folder, limits and threads; by default as the environment has them.

    Raises:
        AssayError: `models_missing` or `model_rejected`.
        ValueError: The threshold is no probability.
    """

    def __init__(self, *, threshold: float | None = None, settings: Settings | None = None) -> None:
        if threshold is not None and not 0 < threshold < 1:
            raise ValueError("a threshold lies between 0 and 1")
        self.threshold = threshold
        self._settings = settings or get_settings()
        self._models = ModelStore(self._settings.models_dir, self._settings.threads)

    def analyze(self, media: Media, *, full: bool = False) -> Report:
        """Judge one file or picture.

        Args:
            media: A path, or pixels. Of pixels, the report describes the PNG that holds them.
            full: Switch the early exit off.

        Raises:
            AssayError: It cannot be read or judged; `code` and `message` say why.
            TypeError, ValueError: An array that is no picture.
        """
        if isinstance(media, str | os.PathLike):
            return self._analyze(Path(media), full)
        with TemporaryDirectory(prefix="assay-") as folder:
            return self._analyze(_saved(media, Path(folder) / "picture.png"), full)

    def analyze_all(
        self, media: Iterable[Media], *, full: bool = False
    ) -> Iterator[Report | AssayError]:
        """Judge many, one after the other: for each its report, or the error that stood in the way.

        Answers come in order and as they are found; nothing is read ahead.
        """
        for each in media:
            try:
                yield self.analyze(each, full=full)
            except AssayError as error:
                yield error

    def _analyze(self, path: Path, full: bool) -> Report:
        report = analyse(
            path,
            settings=self._settings,
            models=self._models,
            emit=lambda event: None,
            should_continue=lambda: True,
            save=lambda name, content: None,
            asked=Asked(full=full),
        )
        return report if self.threshold is None else decided_at(report, self.threshold)


def decided_at(report: Report, threshold: float) -> Report:
    """The report with another verdict: by one threshold of P(fake), with nothing between.

    Where nothing was weighed it stays as it is.
    """
    p, fused = report.probability, report.fusion
    if p is None or fused is None:
        return report
    edges = {"authentic_below": float(np.nextafter(threshold, 0.0)), "deepfake_above": threshold}
    decided = fused.model_copy(update=edges)
    verdict = verdict_of(decided)
    side = "reaches" if verdict is Verdict.DEEPFAKE else "is below"
    return report.model_copy(
        update={
            "verdict": verdict,
            "confidence": confidence_in(verdict, p),
            "summary": f"The probability of a fake, {p:.2f}, {side} the threshold, {threshold:g}.",
            "fusion": decided,
            "reliability": None,
        }
    )


def _saved(picture: Image, place: Path) -> Path:
    """Pixels as a file, without loss."""
    if not isinstance(picture, np.ndarray) or picture.dtype != np.uint8:
        raise TypeError("a picture is an array of uint8; scale other values to 0..255 first")
    if picture.ndim != 3 or picture.shape[2] != 3 or picture.size == 0:
        raise ValueError(f"a picture is RGB, (height, width, 3), not {picture.shape}")
    cv2.imwrite(
        str(place), cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_PNG_COMPRESSION, 1]
    )
    return place
