"""Findings to things people can look at: persons, timeline, heatmaps, reasons and sentences."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from assay.branches.audio.branch import AudioFinding
from assay.branches.audio.windows import cut
from assay.branches.av_sync.branch import AvSyncFinding
from assay.branches.base import Findings, found
from assay.branches.gate.branch import GateFinding
from assay.branches.temporal.branch import TemporalFinding
from assay.branches.visual.branch import VisualFinding
from assay.evidence import (
    Box,
    BranchState,
    BystanderEvidence,
    FacePoint,
    Fused,
    Modality,
    PersonEvidence,
    Reason,
    Sighting,
    StoredFrame,
    Sweep,
    TimelineSecond,
    Verdict,
    VideoStream,
)
from assay.media.faces.crops import face_square
from assay.media.faces.thumbnail import thumbnail
from assay.media.io.album import jpeg
from assay.media.io.speech import waveform_peaks
from assay.media.material import KEYPOINTS, Face, FaceCrop, Material, Person, Speech
from assay.types import Floats, Image
from assay.verdict import Judgement

Save = Callable[[str, bytes], None]
"""Keeps an artefact under a name."""

PICTURES_PER_PERSON = 12
"""Crops and heatmaps kept for a person: the moments that counted most."""
THUMBNAILS = 6
"""Faces shown as soon as they are found."""
THUMBNAIL_SIDE = 64
COVER_SIDE = 192
"""Pixels of the longer side of the picture that lists show."""
SKETCHED_PEAKS = 160
"""Of the waveform that is shown as soon as the sound is there."""
SMALL_FACE = 64.0
"""Image; a median face smaller than this has lost what the picture branches look for."""
SHORT_SECONDS = 1.0
DISAGREEMENT = 0.6
"""Difference of branch scores at which people should know that the branches differ."""


@dataclass(frozen=True, slots=True)
class _Moment:
    """One crop with all that was said about it."""

    crop: FaceCrop
    gate: float | None
    visual: float | None
    localisation: Floats | None

    def score(self, modality: str) -> float:
        """What the picture branch of a modality says of it."""
        return (self.visual if modality == "visual" else self.gate) or 0.0


def persons(
    material: Material, findings: Findings, fused: Fused | None, save: Save
) -> list[PersonEvidence]:
    """Every person's moments with scores; pictures of those that counted most are saved."""
    leading = leading_modality(fused)
    gate, visual = found(findings, GateFinding), found(findings, VisualFinding)
    temporal, sync = found(findings, TemporalFinding), found(findings, AvSyncFinding)
    gate_scores = _by_crop(gate.crops, gate.scores) if gate else {}
    visual_scores = _by_crop(visual.crops, visual.scores) if visual else {}
    localisations = _by_crop(visual.crops, visual.localisations) if visual else {}
    picture = material.media.video
    evidence = []
    for person in material.persons:
        moments = [
            _Moment(crop, gate_scores.get(crop), visual_scores.get(crop), localisations.get(crop))
            for crop in person.crops
        ]
        pictured = _pictured(moments, leading)
        points = [
            _point(
                moment,
                picture,
                f"face-{person.number}-{index}" if index in pictured else None,
                save,
            )
            for index, moment in enumerate(moments)
        ]
        scores = [moment.visual for moment in moments if moment.visual is not None]
        evidence.append(
            PersonEvidence(
                person=person.number,
                faces=points,
                score=float(np.mean(scores)) if scores else None,
                temporal_score=temporal.persons.get(person.number) if temporal else None,
                sync_score=sync.persons.get(person.number) if sync else None,
            )
        )
    return evidence


def leading_modality(fused: Fused | None) -> str | None:
    """The picture modality that moved the verdict most towards a forgery; None if neither did."""
    shares = {"visual": 0.0, "tiny": 0.0}
    for contribution in fused.contributions if fused else ():
        modality, *_ = contribution.feature.partition("_")
        if modality in shares:
            shares[modality] += contribution.log_odds
    most = max(shares, key=lambda modality: shares[modality])
    return most if shares[most] > 0 else None


def _pictured(moments: Sequence[_Moment], leading: str | None) -> set[int]:
    """The moments that counted most; spread over time where none speaks for a forgery."""
    if leading is None:
        count = min(PICTURES_PER_PERSON, len(moments))
        return set(np.linspace(0, len(moments) - 1, count).round().astype(int).tolist())
    ranked = sorted(range(len(moments)), key=lambda i: -moments[i].score(leading))
    return set(ranked[:PICTURES_PER_PERSON])


def bystanders(material: Material) -> list[BystanderEvidence]:
    """Where those are who were found and not examined."""
    return [
        BystanderEvidence(
            reason=bystander.reason,
            sightings=[Sighting(time=time, box=box_of(face)) for time, face in bystander.sightings],
        )
        for bystander in material.bystanders
    ]


def thumbnails(people: list[Person]) -> list[str]:
    """A few faces as `data:` addresses, for the eye: spread over persons and time."""
    each = max(1, THUMBNAILS // max(1, len(people)))
    chosen = [
        person.crops[int(index)]
        for person in people
        for index in np.linspace(0, len(person.crops) - 1, min(each, len(person.crops)))
    ]
    return [thumbnail(crop.aligned, THUMBNAIL_SIDE) for crop in chosen[:THUMBNAILS]]


def sketch(speech: Speech | None) -> list[tuple[float, float]]:
    """Lowest and highest sample of slices of all examined sound, one after another."""
    if speech is None or not speech.spans:
        return []
    whole = np.concatenate([wave for _, wave in speech.spans])
    peaks = waveform_peaks(whole, SKETCHED_PEAKS)
    return [(round(low, 3), round(high, 3)) for low, high in peaks]


def timeline(
    people: list[PersonEvidence], findings: Findings, swept: Sweep | None = None
) -> list[TimelineSecond]:
    """What was seen and heard in each second that was examined.

    The most suspect value of a second counts: the highest score, the offset furthest from none.
    """
    seconds: dict[int, dict[str, float]] = {}

    def note(time: float, name: str, value: float | None) -> None:
        if value is not None:
            second = seconds.setdefault(int(time), {})
            second[name] = max(second.get(name, 0.0), value)

    for person in people:
        for face in person.faces:
            note(face.time, "gate", face.gate_score)
            note(face.time, "visual", face.visual_score)
    for picture in swept.pictures if swept else ():
        note(picture.time, "visual", picture.score)
    audio = found(findings, AudioFinding)
    for window in (*(audio.evidence.windows if audio else ()), *(swept.voice if swept else ())):
        for time in range(int(window.start), int(np.ceil(window.end))):
            note(time, "audio", window.score)
    if sync := found(findings, AvSyncFinding):
        for start, offset in sync.offsets:
            second = seconds.setdefault(int(start), {})
            second["sync_offset"] = max(second.get("sync_offset", 0.0), offset, key=abs)
    return [TimelineSecond(second=second, **seconds[second]) for second in sorted(seconds)]


def reasons(material: Material, findings: Findings, judged: Judgement) -> list[Reason]:
    """What makes this verdict weaker than it could be."""
    fused = judged.fused
    media = material.media
    sizes = [crop.face.size for person in material.persons for crop in person.crops]
    tiny = np.median(sizes) < SMALL_FACE if sizes else material.faces.faces_too_small > 0
    scores = [
        finding.evidence.score
        for finding in findings.values()
        if finding.evidence.state is BranchState.DONE and finding.evidence.score is not None
    ]
    states = {name: finding.evidence.state for name, finding in findings.items()}
    checks = {
        # A branch that failed had something to judge.
        Reason.NOTHING_TO_JUDGE: fused is None
        and set(states.values()) == {BranchState.NOT_APPLICABLE},
        Reason.NO_FACE: media.kind != "audio" and not material.persons,
        Reason.NOT_A_PHOTOGRAPH: material.faces.faces_not_photographs > 0,
        Reason.TOO_MANY_FACES: material.faces.faces_over_limit > 0,
        Reason.LOW_RESOLUTION: bool(tiny),
        Reason.TOO_SHORT: media.duration is not None and media.duration < SHORT_SECONDS,
        Reason.NO_SPEECH: material.speech is not None
        and (not cut(material.speech) or states.get("audio") is BranchState.NOT_APPLICABLE),
        Reason.SINGLE_MODALITY: fused is not None
        and judged.decided_by is None
        and "+" not in fused.head,
        Reason.OUT_OF_DISTRIBUTION: ood_score(findings) > 1,
        Reason.BRANCH_DISAGREEMENT: bool(scores) and max(scores) - min(scores) > DISAGREEMENT,
    }
    return [reason for reason, holds in checks.items() if holds]


def ood_score(findings: Findings) -> float:
    """How unlike those of training the faces are, 0 where nobody measured it."""
    visual = found(findings, VisualFinding)
    return visual.ood_score if visual else 0.0


def summary(judged: Judgement, why: Sequence[Reason]) -> str:
    """The verdict for a person, with what it does not mean."""
    verdict, probability = judged.verdict, judged.probability
    if Reason.NOTHING_TO_JUDGE in why and Reason.NOT_A_PHOTOGRAPH in why:
        return (
            "The faces look drawn, painted or masked. Only photographs of people are judged, so "
            "there is no verdict on them."
        )
    if Reason.NOTHING_TO_JUDGE in why:
        return (
            "What was examined holds neither a face that could be judged nor speech, and nothing "
            "else is judged. That says nothing about the file."
        )
    if probability is None:
        return "What could have been judged could not be examined; see the branches."
    if judged.decided_by is not None:
        return _one_decides(judged, judged.decided_by)
    suspects = [told for told in judged.modalities if told.verdict is Verdict.DEEPFAKE]
    if verdict is Verdict.INCONCLUSIVE and suspects:
        # Each is shown with its own verdict, which a sentence that names none would contradict.
        return _one_decides(judged, max(suspects, key=lambda told: told.probability).modality)
    if verdict is Verdict.DEEPFAKE and judged.modalities and not suspects:
        return (
            "Taken together, what was examined bears traces of having been made or altered by a "
            "machine, though no part of it does by itself."
        )
    if verdict is Verdict.DEEPFAKE:
        return "What was examined bears traces of having been made or altered by a machine."
    if verdict is Verdict.AUTHENTIC:
        return (
            "What was examined bears no trace of forgery that would be enough to call it one. "
            "That does not prove it real."
        )
    return "The evidence does not decide. Treat this as unknown, not as half fake."


FORGED: Mapping[Modality, str] = {
    Modality.PICTURE: "The faces look made or altered by a machine",
    Modality.VOICE: "The voice sounds made or altered by a machine",
    Modality.LIPS: "Lips and voice do not belong together",
}
CLEAR: Mapping[Modality, str] = {
    Modality.PICTURE: "the picture shows no trace that we know",
    Modality.VOICE: "the voice bears no trace that we know",
    Modality.LIPS: "lips and voice fit",
}


def _one_decides(judged: Judgement, modality: Modality) -> str:
    """One modality for itself against all that was weighed together, whichever of both decided."""
    clear = [
        CLEAR[other.modality]
        for other in judged.modalities
        if other.modality is not modality and other.verdict is Verdict.AUTHENTIC
    ]
    told = "; ".join([FORGED[modality], *clear])
    if judged.verdict is Verdict.DEEPFAKE:
        return f"{told}."
    return f"{told}. That alone does not decide: treat this as unknown."


def _by_crop(crops: Sequence[FaceCrop], values: Floats) -> dict[FaceCrop, Any]:
    """Scores or maps by the crop that they are of."""
    return dict(zip(crops, values, strict=True))


def _point(moment: _Moment, picture: VideoStream | None, name: str | None, save: Save) -> FacePoint:
    crop = moment.crop
    crop_name = heatmap_name = None
    if name is not None:
        crop_name = f"{name}.jpg"
        save(crop_name, _encoded(".jpg", cv2.cvtColor(crop.aligned, cv2.COLOR_RGB2BGR)))
        if moment.localisation is not None:
            heatmap_name = f"{name}-heat.png"
            save(heatmap_name, _encoded(".png", heatmap(moment.localisation)))
    return FacePoint(
        time=crop.time,
        box=box_of(crop.face),
        square=_square(crop.face, picture),
        detection=min(1.0, max(0.0, crop.face.score)),
        gate_score=moment.gate,
        visual_score=moment.visual,
        crop=crop_name,
        heatmap=heatmap_name,
    )


def heatmap(localisation: Floats) -> Image:
    """A transparent overlay, (224, 224, 4) BGRA, of a map of 'altered' probabilities in 0..1."""
    smooth = np.clip(cv2.resize(localisation, (224, 224), interpolation=cv2.INTER_CUBIC), 0, 1)
    colours = cv2.applyColorMap((255 * smooth).astype(np.uint8), cv2.COLORMAP_INFERNO)
    alpha = (220 * smooth).astype(np.uint8)
    return np.dstack([colours, alpha]).astype(np.uint8)


def waveform(speech: Speech | None, save: Save) -> str | None:
    """Save the examined sound for drawing; the artefact's name, or None without sound.

    The JSON holds spans with `start` and `end` in seconds and `peaks`: lowest and highest sample
    of equal slices, in -1..1.
    """
    if speech is None or not speech.spans:
        return None
    name = "waveform.json"
    content = {
        "spans": [
            {
                "start": start,
                "end": start + len(wave) / Speech.RATE,
                "peaks": [(round(low, 3), round(high, 3)) for low, high in waveform_peaks(wave)],
            }
            for start, wave in speech.spans
        ],
        "voiced": speech.voiced,
    }
    save(name, json.dumps(content).encode())
    return name


def frames(pictures: Mapping[float, bytes], save: Save) -> list[StoredFrame]:
    """Save the whole pictures that were kept, each under its number."""
    stored = []
    for number, time in enumerate(sorted(pictures)):
        name = f"frame-{number}.jpg"
        save(name, pictures[time])
        stored.append(StoredFrame(time=time, picture=name))
    return stored


def cover(pictures: Mapping[float, bytes], save: Save) -> str | None:
    """Save the middle one in small, for lists; the artefact's name, or None without a picture.

    The first would often be black.
    """
    if not pictures:
        return None
    middle = pictures[sorted(pictures)[len(pictures) // 2]]
    bgr = cv2.imdecode(np.frombuffer(middle, np.uint8), cv2.IMREAD_COLOR)
    if bgr is None:  # our own JPEG, so this does not happen; the types do not know
        return None
    save("thumbnail.jpg", jpeg(np.asarray(bgr[..., ::-1], np.uint8), COVER_SIDE))
    return "thumbnail.jpg"


def box_of(face: Face) -> Box:
    """A face's place in displayed pixels; at least one wide and high."""
    x0, y0, x1, y1 = map(float, face.box)
    return Box(x=x0, y=y0, width=max(1.0, x1 - x0), height=max(1.0, y1 - y0))


def _square(face: Face, picture: VideoStream | None) -> Box | None:
    """What the crop and its heatmap show of the picture.

    None where the crop was turned to stand upright: it does not lie on the picture as displayed.
    """
    eyes, mouth = face.keypoints[:2].mean(axis=0), face.keypoints[KEYPOINTS.index("mouth")]
    across, down = mouth - eyes
    if picture is None or down <= abs(across):
        return None
    left, top, side = face_square(face, picture.height, picture.width)
    return Box(x=left, y=top, width=side, height=side)


def _encoded(extension: str, picture: NDArray[Any]) -> bytes:
    _, data = cv2.imencode(extension, picture)
    return data.tobytes()
