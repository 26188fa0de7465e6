"""The released head on generated media, through everything that the service does before it."""

from pathlib import Path

import numpy as np
import pytest

from assay.branches.av_sync.branch import AvSync
from assay.evidence import BranchState
from assay.media.material import Material, Person
from assay.models.sessions import ModelStore
from assay.pipeline import extract
from assay.progress import Progress
from assay.settings import Settings
from tests.branches.av_sync.sync_media import lips, sound


@pytest.fixture(scope="module")
def store() -> ModelStore:
    store = ModelStore(Settings().models_dir, threads=1)
    if not {"av_sync_head", "blazeface"} <= set(store.manifest.models):
        pytest.skip("the models are not released yet")
    return store


@pytest.fixture(scope="module")
def material(store: ModelStore, talking_clip: Path) -> Material:
    progress = Progress(lambda event: None, lambda: True)
    found, _ = extract(talking_clip, Settings(threads=1), store, progress)
    return found


def test_a_generated_talking_head_is_judged(store, material):
    finding = AvSync(store).examine(material, {}, lambda percent: None)
    assert finding.evidence.state is BranchState.DONE
    assert 0.02 < finding.features["sync_prob"] < 0.98
    assert finding.evidence.score == pytest.approx(1 - finding.features["sync_prob"])
    curve = finding.evidence.offset_curve
    assert len(curve.offsets) == len(curve.distances) >= 20
    assert all(0 <= distance <= 2 for distance in curve.distances)
    assert curve.best_offset in curve.offsets


def test_the_same_media_is_judged_the_same(store, material):
    one, same = (AvSync(store).examine(material, {}, lambda percent: None) for _ in range(2))
    assert one.evidence == same.evidence


def test_the_towers_give_unit_vectors_for_any_numbers_of_windows(store):
    session = store.session("av_sync_head")
    rng = np.random.default_rng(0)
    for windows, moments in ((1, 1), (3, 33), (40, 7)):
        feed = {
            "lips": rng.integers(0, 256, (windows, 5, 48, 48)).astype(np.uint8),
            "voice": rng.normal(-3, 3, (moments, 20, 40)).astype(np.float32),
        }
        seen, heard = session.run(None, feed)
        assert (len(seen), len(heard)) == (windows, moments)
        for vectors in (seen, heard):
            np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-4)


def test_bars_that_are_no_mouth_are_no_reason_to_be_sure(store, material):
    """What lies far from all that was learnt must not be called out of sync with certainty."""
    person = Person(1, mouths=[lips(3.0)])
    strange = Material(material.media, material.hints, [person], material.faces, sound(3.0))
    finding = AvSync(store).examine(strange, {}, lambda percent: None)
    assert 0.02 < finding.features["sync_prob"] < 0.98
