"""Tracks to persons: who comes back after a cut, who matters most, and which crops are kept."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from assay.evidence import PassedOver, Place
from assay.media.faces.appearance import SAME_PERSON, embedding_distance
from assay.media.faces.photographs import PhotographCheck
from assay.media.faces.tracks import Track
from assay.media.material import Bystander, Face, FaceCrop, Person
from assay.media.sampling import MAX_CROPS, MAX_NATIVE_CROPS, MAX_PERSONS
from assay.types import Floats

FLEETING: Final = 2
"""Sightings that a person needs in a video of more than a few: what flashes up once is no face."""

MAX_CHECKED: Final = 4 * MAX_PERSONS
"""People, the most present first, among whom those are sought who are photographs."""
NEAR_SECONDS: Final = 0.5
NEAR_SIZES: Final = 0.75
"""How far from the place where it was seen a face may lie, in time and in its own sizes."""


def gather_persons(
    tracks: Sequence[Track],
    detection_frames: int,
    wanted: Place | None = None,
    check: PhotographCheck | None = None,
) -> tuple[list[Person], list[Bystander]]:
    """Join tracks to persons, keep the most present, and thin out their crops.

    Args:
        tracks: Ended ones.
        detection_frames: How many frames were examined for faces.
        wanted: Where the only person shows who is to be kept; None for the most present.
        check: Turns away who is no photograph; None where everybody passes.

    Returns:
        At most `MAX_PERSONS` persons and everybody else, the most present first.
    """
    least = FLEETING if detection_frames > 2 * FLEETING else 1
    groups = [group for group in _join(tracks) if sum(len(track.times) for track in group) >= least]
    fit = [group for group in groups if any(track.crops for track in group)]
    candidates = fit[:MAX_CHECKED] if wanted is None else _pointed_at(fit, wanted)
    examined, unreal = _photographs(candidates, check)
    persons = [_person(number, group) for number, group in enumerate(examined)]
    _ration_natives(persons)
    passed_over = PassedOver.OVER_LIMIT if wanted is None else PassedOver.NOT_ASKED
    others = [group for group in groups if group not in examined]
    return persons, [
        _bystander(group, PassedOver.NOT_A_PHOTOGRAPH if group in unreal else passed_over)
        for group in others
    ]


def distance(face: Face, place: Place) -> float:
    """How far the middle of a face lies from a place, in sizes of the face."""
    x, y = (face.box[:2] + face.box[2:]) / 2
    return float(np.hypot(x - place.x, y - place.y)) / max(face.size, 1.0)


def _photographs(
    groups: Sequence[list[Track]], check: PhotographCheck | None
) -> tuple[list[list[Track]], list[list[Track]]]:
    """The first `MAX_PERSONS` that are photographs, and those before them that are not."""
    passed: list[list[Track]] = []
    turned_away: list[list[Track]] = []
    for group in groups:
        if len(passed) == MAX_PERSONS:
            break
        crops = [crop for track in group for crop in track.crops]
        (passed if check is None or check.passes(crops) else turned_away).append(group)
    return passed, turned_away


def _pointed_at(groups: list[list[Track]], place: Place) -> list[list[Track]]:
    """The group that shows nearest to a place at its moment; none if none is near."""
    near = [
        (distance(face, place), group)
        for group in groups
        for track in group
        for time, face in zip(track.times, track.displayed, strict=True)
        if abs(time - place.time) <= NEAR_SECONDS and distance(face, place) <= NEAR_SIZES
    ]
    return [min(near, key=lambda pair: pair[0])[1]] if near else []


def _join(tracks: Sequence[Track]) -> list[list[Track]]:
    """Groups of tracks that look alike and never coexist, the most present group first."""
    groups: list[list[Track]] = []
    for track in sorted(tracks, key=lambda track: -track.presence):
        fitting = [
            (embedding_distance(_mean_appearance(group), track.appearance), group)
            for group in groups
            if not any(_coexist(track, other) for other in group)
        ]
        distance, nearest = min(fitting, key=lambda pair: pair[0], default=(1.0, []))
        if distance <= SAME_PERSON:
            nearest.append(track)
        else:
            groups.append([track])
    return sorted(groups, key=lambda group: -sum(track.presence for track in group))


def _mean_appearance(group: list[Track]) -> Floats:
    weights = [len(track.times) for track in group]
    looks = [track.appearance for track in group]
    return np.average(looks, axis=0, weights=weights).astype(np.float32)


def _coexist(one: Track, other: Track) -> bool:
    return one.times[0] <= other.times[-1] and other.times[0] <= one.times[-1]


def _person(number: int, group: list[Track]) -> Person:
    crops = sorted((crop for track in group for crop in track.crops), key=lambda crop: crop.time)
    mouths = sorted((run for track in group for run in track.mouth.runs()), key=lambda r: r.start)
    return Person(number, _thinned(crops), mouths)


def _bystander(group: list[Track], otherwise: PassedOver) -> Bystander:
    """Somebody in the picture; `otherwise` is why those are who could have been examined."""
    flaws = Counter(flaw for track in group for flaw in track.flaws.elements())
    fit = not flaws or any(track.crops for track in group)
    reason = otherwise if fit else flaws.most_common(1)[0][0]
    seen = [pair for track in group for pair in zip(track.times, track.displayed, strict=True)]
    return Bystander(reason, sorted(seen, key=lambda pair: pair[0]))


def _thinned(crops: list[FaceCrop]) -> list[FaceCrop]:
    """At most `MAX_CROPS`: the longest runs lose their last, so that the rate stays fixed."""
    kept = list(crops)
    while len(kept) > MAX_CROPS:
        longest, _ = Counter(crop.segment for crop in kept).most_common(1)[0]
        last = max(index for index, crop in enumerate(kept) if crop.segment == longest)
        del kept[last]
    return kept


def _ration_natives(persons: list[Person]) -> None:
    """Leave `MAX_NATIVE_CROPS` native crops: alike for all persons, spread over their time."""
    for index, person in enumerate(persons):
        share = MAX_NATIVE_CROPS // len(persons) + (index < MAX_NATIVE_CROPS % len(persons))
        count = min(share, len(person.crops))
        kept = set(np.linspace(0, len(person.crops) - 1, count).round().astype(int).tolist())
        person.crops = [
            crop if number in kept else replace(crop, native=None)
            for number, crop in enumerate(person.crops)
        ]
