"""Which media teach which head."""

from dataclasses import replace

import pytest

from assay_lab.fusion.patterns import are_enough, can_notice, columns_of, usable
from tests.lab.examined import HEAD, media


def test_a_head_that_only_listens_learns_from_speech() -> None:
    clip = media(1)[0]
    utterance = replace(clip, modality="speech")

    assert usable([clip, utterance], "audio") == [utterance]
    assert usable([clip], "tiny+audio") == [clip]


def test_stills_alone_teach_the_head_that_stills_come_to() -> None:
    clip = media(1)[0]
    features = clip.features | dict.fromkeys(columns_of("tiny+visual"), 0.5)
    clip = replace(clip, features=features)
    still = replace(clip, modality="image")

    assert usable([clip, still], "tiny+visual") == [still]
    assert usable([clip, still], "tiny") == [clip, still]


@pytest.mark.parametrize(
    "head, generator, noticed",
    [
        ("tiny+visual+temporal", "forge:shift", False),
        ("tiny+visual+temporal", "forge:foreign+revoice", False),
        ("tiny+visual+temporal", "forge:mouth-swap+foreign", True),
        ("tiny+visual+audio", "forge:revoice", True),
        ("tiny+visual+audio", "forge:shift", False),
        ("tiny+audio+sync", "forge:shift", True),
        ("sync", "forge:foreign+face-swap", True),
        ("sync", "forge:revoice", False),
        ("sync", "SimSwap", False),
        ("sync", "", True),
        ("tiny", "SimSwap", True),
        ("tiny", "", True),
    ],
)
def test_no_head_learns_what_it_cannot_notice(head: str, generator: str, noticed: bool) -> None:
    assert can_notice(head, generator) == noticed


def test_failed_media_and_absent_features_are_left_out() -> None:
    line = media(1)[0]
    absent = replace(line, features=line.features | {"sync_prob": None})

    assert usable([replace(line, error="unreadable"), absent], HEAD) == []


def test_a_head_needs_media_of_both_classes_and_of_several_sources() -> None:
    lines = media(120)
    one_site = [replace(line, source="site") for line in lines]
    real = [line for line in lines if not line.fake]
    copies = [replace(line, corrupted=True) for line in lines]

    assert are_enough(lines)
    assert not are_enough(one_site)
    assert not are_enough(real)
    assert not are_enough(copies)
