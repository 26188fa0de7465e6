"""Fusion: heads by pattern, contributions that add up, and three verdicts."""

import itertools

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.special import expit

from assay.evidence import FEATURES
from assay.fusion import MODALITIES, fuse
from assay.models.sessions import ModelStore
from tests.model_factory import columns_of, install_fusion

HEADS = (
    "tiny",
    "audio",
    "tiny+visual",
    "tiny+visual+temporal",
    "tiny+visual+audio+temporal",
    "tiny+visual+audio+temporal+sync",
)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> ModelStore:
    folder = tmp_path_factory.mktemp("models")
    install_fusion(folder, *HEADS, temperature=1.5)
    return ModelStore(folder, 1)


def media(*modalities: str, value: float = 0.5) -> dict[str, float | None]:
    present = {feature for modality in modalities for feature in MODALITIES[modality]}
    return {name: value if name in present else None for name in FEATURES}


def test_the_twelve_features_are_covered_once() -> None:
    assert list(itertools.chain(*MODALITIES.values())) == [
        *FEATURES[:9],
        *FEATURES[9:],
    ]


@pytest.mark.parametrize("head", HEADS)
def test_a_pattern_selects_its_own_head(store: ModelStore, head: str) -> None:
    result = fuse(media(*head.split("+")), store)

    assert result is not None
    assert result.head == head
    assert [share.feature for share in result.contributions] == columns_of(head)


def test_an_absent_modality_is_not_filled_in(store: ModelStore) -> None:
    without = fuse(media("tiny", "visual"), store)
    with_zeros = fuse(media("tiny", "visual") | {"temporal_prob_fake": 0.0}, store)

    assert without is not None and with_zeros is not None
    assert without.head != with_zeros.head
    assert without.probability != with_zeros.probability


def test_a_pattern_without_a_head_uses_the_largest_that_fits(store: ModelStore) -> None:
    result = fuse(media("visual", "tiny", "sync"), store)

    assert result is not None
    assert result.head == "tiny+visual"


def test_nothing_present_means_nothing_fused(store: ModelStore) -> None:
    assert fuse(media(), store) is None


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    head=st.sampled_from(HEADS),
    values=st.lists(st.floats(0, 1), min_size=12, max_size=12),
)
def test_contributions_and_baseline_add_up(
    store: ModelStore, head: str, values: list[float]
) -> None:
    present = columns_of(head)
    features = {
        name: value if name in present else None
        for name, value in zip(FEATURES, values, strict=True)
    }

    result = fuse(features, store)

    assert result is not None
    total = result.baseline + sum(share.log_odds for share in result.contributions)
    assert expit(total) == pytest.approx(result.probability, abs=1e-9) or result.probability in (
        pytest.approx(0.02),
        pytest.approx(0.98),
    )


def test_the_probability_is_the_heads_own_at_its_temperature(store: ModelStore) -> None:
    features = media("tiny", "visual", value=0.55)
    bundle = store.bundle("fusion", "tiny_visual.joblib")
    row = np.array([[0.55] * len(bundle["feature_cols"])])

    result = fuse(features, store)

    assert result is not None
    assert result.probability == pytest.approx(
        float(expit(bundle["model"].decision_function(row)[0] / 1.5))
    )


def test_the_probability_is_never_certain(store: ModelStore) -> None:
    sure = fuse(media("tiny", "visual", value=1e6), store)

    assert sure is not None
    assert sure.probability == pytest.approx(0.98)


def test_unfamiliar_media_widen_the_band(store: ModelStore) -> None:
    narrow = fuse(media("tiny", "visual"), store)
    usual = fuse(media("tiny", "visual"), store, ood_score=0.99)
    wide = fuse(media("tiny", "visual"), store, ood_score=1.1)

    assert narrow is not None and usual is not None and wide is not None
    assert usual.deepfake_above == narrow.deepfake_above
    assert wide.authentic_below < narrow.authentic_below
    assert wide.deepfake_above > narrow.deepfake_above
