"""All of a media, piece by piece: a score at every moment, beside the sample that decides.

The verdict's edges were set on the usual sample of faces and windows. A maximum over a hundred
times as many would call many more real media fake, so what is found here decides nothing: it shows
where to look. Whoever wants a verdict on a stretch has that range examined by itself.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from assay.branches.audio.branch import Audio
from assay.branches.base import OnProgress
from assay.branches.visual.branch import Visual
from assay.coverage import examined_of
from assay.evidence import (
    Asked,
    Coverage,
    Highest,
    MediaInfo,
    Modality,
    Sweep,
    SweptPicture,
    Window,
)
from assay.explain import box_of
from assay.media.faces.every import every_face
from assay.media.faces.photographs import PhotographCheck
from assay.media.io.reader import MediaReader, open_media
from assay.media.sampling import FACE_RATE, Span, extent_of
from assay.media.stages import FACE_DETECTOR, PHOTOGRAPH, VAD
from assay.models.sessions import ModelStore
from assay.settings import Settings

MAX_PICTURES: Final = 3600
"""Pictures that are searched for faces: one a second in an hour, four a second in a quarter."""
MAX_SECONDS: Final = 4 * 3600.0
"""Of a longer media the rest is left out, and the coverage says so."""
STRETCH: Final = 8.0
"""Seconds that `highest` averages over: as much as the usual sample sees."""
MOST_HIGHEST: Final = 3
"""Stretches of each modality that are named."""


class _Score(NamedTuple):
    """What one picture or window scored."""

    start: float
    end: float
    score: float


def sweep(
    path: Path,
    info: MediaInfo,
    asked: Asked,
    settings: Settings,
    models: ModelStore,
    on_progress: OnProgress,
) -> Sweep:
    """Go through all that was asked for.

    Args:
        path: The file.
        info: What is known of it.
        asked: The part of it.
        settings: Limits and threads.
        models: The verified models.
        on_progress: As for a branch.

    Raises:
        AssayError: `unreadable`, a model is missing, or `cancelled`.
    """
    part = extent_of(info, asked.start, asked.end) or Span(0.0, info.duration or 0.0)
    part = Span(part.start, min(part.end, part.start + MAX_SECONDS))
    step = max(1 / FACE_RATE, (part.end - part.start) / MAX_PICTURES)
    # Each takes about as long as the other: the networks see a face a second, hear three windows.
    share = 0.5 if info.video is not None and info.audio is not None else 1.0
    with open_media(path, settings, info.sha256) as media:
        looked, pictures = _look(media, part, step, models, _scaled(on_progress, 0.0, share))
        voice = _listen(media, part, models, _scaled(on_progress, 1 - share, 1.0))
    seen = [_Score(each.time, each.time + step, each.score) for each in pictures]
    heard = [_Score(each.start, each.end, each.score) for each in voice]
    whole = part.end - part.start
    return Sweep(
        looked=looked,
        step=round(step, 3),
        pictures=pictures,
        voice=voice,
        highest=sorted(
            [*_highest(seen, Modality.PICTURE), *_highest(heard, Modality.VOICE)],
            key=lambda stretch: -stretch.score,
        ),
        coverage=Coverage(
            picture=examined_of(whole, info.duration) if info.kind == "video" else None,
            sound=examined_of(whole, info.duration) if info.audio is not None else None,
            people=None,
        ),
    )


def _look(
    media: MediaReader, part: Span, step: float, models: ModelStore, on_progress: OnProgress
) -> tuple[int, list[SweptPicture]]:
    """How many pictures were searched, and those that show faces."""
    if media.info.video is None:
        return 0, []
    visual = Visual(models)
    looked = 0
    pictures: list[SweptPicture] = []
    detector = models.session(FACE_DETECTOR)
    check = PhotographCheck(models.session(PHOTOGRAPH), **models.parameters(PHOTOGRAPH))
    frames = media.frames([part])
    for time, is_new, crops, patches in every_face(frames, detector, step, check):
        looked += is_new
        if crops:
            scores = visual.score(crops, patches, media.info)
            worst = int(scores.argmax())
            found = SweptPicture(
                time=time,
                faces=len(crops),
                score=float(scores[worst]),
                box=box_of(crops[worst].face),
            )
            if pictures and pictures[-1].time == time:
                found = _joined(pictures.pop(), found)
            pictures.append(found)
        on_progress(100 * min(1.0, (time - part.start) / max(step, part.end - part.start)))
    return looked, pictures


def _joined(one: SweptPicture, other: SweptPicture) -> SweptPicture:
    """Two lots of faces of the same picture."""
    worst = max(one, other, key=lambda each: each.score)
    return worst.model_copy(update={"faces": one.faces + other.faces})


def _listen(
    media: MediaReader, part: Span, models: ModelStore, on_progress: OnProgress
) -> list[Window]:
    if media.info.audio is None:
        return []
    audio = Audio(models)
    windows: list[Window] = []
    for speech in media.all_speech(part, models.session(VAD)):
        start, _ = speech.spans[0]
        done = 100 * (start - part.start) / max(1.0, part.end - part.start)
        windows += audio.score(speech, _standing(on_progress, done))
        on_progress(done)
    return windows


def _highest(scores: Sequence[_Score], modality: Modality) -> list[Highest]:
    """The stretches with the highest means, without overlap."""
    if not scores:
        return []
    values = np.array([each.score for each in scores])
    starts = np.array([each.start for each in scores])
    ends = np.searchsorted(starts, starts + STRETCH)
    total = np.concatenate([[0.0], values.cumsum()])
    counts = ends - np.arange(len(scores))
    means = (total[ends] - total[:-1]) / counts
    # A stretch with a third of what it could hold says less than its mean.
    full = counts >= counts.max() / 3
    found: list[Highest] = []
    for index in np.argsort(-means, kind="stable"):
        first, last = scores[index], scores[ends[index] - 1]
        clear = all(last.end <= each.start or first.start >= each.end for each in found)
        if full[index] and clear:
            found.append(
                Highest(
                    modality=modality,
                    start=round(first.start, 2),
                    end=round(last.end, 2),
                    score=float(means[index]),
                )
            )
        if len(found) == MOST_HIGHEST:
            break
    return found


def _standing(on_progress: OnProgress, at: float) -> OnProgress:
    """Progress that stays where it is, and stops who is not wanted any more."""
    return lambda percent: on_progress(at)


def _scaled(on_progress: OnProgress, start: float, end: float) -> OnProgress:
    """Progress of a part as progress of the whole; both ends in 0..1."""
    return lambda percent: on_progress(100 * start + (end - start) * percent)
