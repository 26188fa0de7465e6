"""Fitting the fusion: signs, folds, bands, temperature."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from assay.evidence import FEATURES
from assay_lab.train import fusion
from assay_lab.train.fusion import (
    Votes,
    balance,
    can_notice,
    columns_of,
    conformal_band,
    fit_head,
    fit_temperature,
    judged_by_others,
    signed_regression,
    usable,
    votes_of,
)
from tests.lab.examined import HEAD, media


def test_a_head_tells_fakes_that_it_has_not_seen() -> None:
    head = fit_head(media(400), HEAD, 0.02, 0.05)
    others = media(200, seed=1)
    fake = np.array([line.fake for line in others])
    probabilities = head.probabilities(others)

    assert head.columns == columns_of(HEAD)
    assert probabilities[fake].mean() > probabilities[~fake].mean() + 0.2
    assert head.authentic_below <= 0.5 <= head.deepfake_above


def test_a_branch_is_never_read_backwards() -> None:
    head = fit_head(media(400, backwards="audio_prob_fake"), HEAD, 0.02, 0.05)
    weights = dict(zip(head.columns, head.model[-1].coef_[0], strict=True))

    assert weights["audio_prob_fake"] == 0
    assert weights["tiny_prob_mean"] > 0 > weights["sync_prob"]


def test_counts_have_no_vote_even_where_they_would_decide() -> None:
    head = fit_head(media(400), HEAD, 0.02, 0.05)
    weights = dict(zip(head.columns, head.model[-1].coef_[0], strict=True))

    assert weights["tiny_num_files"] == weights["tiny_num_patches"] == 0


def test_without_limits_the_regression_is_scikit_learns() -> None:
    from sklearn.linear_model import LogisticRegression

    rng = np.random.default_rng(1)
    values = rng.normal(size=(300, 2))
    labels = values @ [1.0, 0.5] + rng.normal(size=300) > 0
    weights = rng.uniform(0.5, 2, 300)
    theirs = LogisticRegression(C=0.3).fit(values, labels, sample_weight=weights)

    ours = signed_regression(values, labels, weights, 0.3, Votes(np.ones(2), np.ones(2)))

    np.testing.assert_allclose(ours.coef_, theirs.coef_, atol=2e-3)
    np.testing.assert_allclose(ours.predict_proba(values), theirs.predict_proba(values), atol=2e-3)


def test_signs_follow_the_meaning_of_the_features() -> None:
    signs = dict(zip(FEATURES, votes_of(FEATURES).signs, strict=True))

    assert signs["sync_prob"] == -1
    assert signs["visual_num_faces"] == 0
    assert signs["temporal_prob_fake"] == 1


def test_a_feature_said_three_times_has_no_more_votes_than_one_said_once() -> None:
    rng = np.random.default_rng(5)
    labels = rng.random(2000) < 0.5
    seen, heard = (rng.normal(np.where(labels, 0.5, -0.5), 1) for _ in range(2))
    names = ["visual_prob_mean", "visual_prob_max", "visual_prob_p90", "temporal_prob_fake"]
    values = np.stack([seen, seen, seen, heard], axis=1)

    model = signed_regression(values, labels, np.ones(2000), 0.0005, votes_of(names))
    evenly = Votes(np.ones(4), np.ones(4))
    partial = signed_regression(values, labels, np.ones(2000), 0.0005, evenly)

    assert model.coef_[0, :3].sum() == pytest.approx(model.coef_[0, 3], rel=0.1)
    assert partial.coef_[0, :3].sum() > 1.3 * partial.coef_[0, 3]


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
        ("tiny", "SimSwap", True),
        ("tiny", "", True),
    ],
)
def test_no_head_learns_what_it_cannot_notice(head: str, generator: str, noticed: bool) -> None:
    assert can_notice(head, generator) == noticed


def test_where_nothing_is_known_a_held_out_source_does_not_look_fake() -> None:
    """Real media of one large group, fakes of many: without the group few real ones are left."""
    lines = [
        replace(
            line,
            features=line.features | dict.fromkeys(columns_of(HEAD), 0.5 + int(line.id) % 2 / 100),
            group=line.group if line.fake else str(int(line.id) % 3),
        )
        for line in media(300)
    ]

    assert abs(judged_by_others(lines, HEAD).probabilities - 0.5).max() < 0.1


def test_no_head_that_judges_knows_the_group(monkeypatch: pytest.MonkeyPatch) -> None:
    learned: list[set[str]] = []

    def fit(lines, name, false_alarms, misses):
        learned.append({line.group for line in lines})
        return SimpleNamespace(
            authentic_below=0.3,
            deepfake_above=0.7,
            probabilities=lambda some: [len(learned) / 10 for _ in some],
        )

    monkeypatch.setattr(fusion, "fit_head", fit)
    lines = media(100)
    judged = judged_by_others(lines, HEAD)

    assert len(learned) == 5
    for line, probability in zip(lines, judged.probabilities, strict=True):
        assert line.group not in learned[round(10 * probability) - 1]
    assert (judged.cleared == (judged.probabilities <= 0.3)).all()
    assert not judged.called.any()


def test_rates_of_heads_that_know_nothing_are_counted_and_not_set() -> None:
    """On its own predictions a band lets through what it was told to, whatever the head knows."""
    lines = [
        replace(line, features=line.features | dict.fromkeys(columns_of(HEAD), value))
        for line, value in zip(media(200), np.random.default_rng(5).random(200), strict=True)
    ]
    judged = judged_by_others(lines, HEAD)

    decided = judged.called | judged.cleared
    assert 0 < decided.mean() < 0.4


def test_failed_media_and_absent_features_are_left_out() -> None:
    line = media(1)[0]
    absent = replace(line, features=line.features | {"sync_prob": None})

    assert usable([replace(line, error="unreadable"), absent], HEAD) == []


def test_both_classes_weigh_the_same() -> None:
    lines = media(101)
    weights, fakes = balance(lines), np.array([line.fake for line in lines])

    assert weights[fakes].sum() == pytest.approx(weights[~fakes].sum())


def test_one_person_counts_once_however_many_clips_there_are_of_him() -> None:
    one = [replace(line, source="lab", group="he") for line in media(60) if not line.fake]
    many = [replace(line, source="street") for line in media(60, seed=1) if not line.fake]
    weights = balance([*one, *many, *(line for line in media(60) if line.fake)])

    groups = len({line.group for line in many})
    shares = weights[: len(one)].sum(), weights[len(one) : len(one) + len(many)].sum()
    assert shares[1] / shares[0] == pytest.approx(groups**0.5)


def test_our_forge_counts_as_what_it_alters_not_as_every_mixture_of_methods() -> None:
    fakes = [line for line in media(80) if line.fake]
    names = ("forge:self-blend", "forge:mouth-swap", "forge:face-paint")
    mixed = [replace(line, generator=names[i % 3]) for i, line in enumerate(fakes)]
    same = [replace(line, generator=names[0]) for line in fakes]
    published = [replace(line, generator="SimSwap") for line in media(80, seed=1) if line.fake]
    reals = [line for line in media(80) if not line.fake]

    assert np.allclose(balance([*mixed, *published, *reals]), balance([*same, *published, *reals]))


def test_the_band_keeps_its_promise_on_fresh_media() -> None:
    rng = np.random.default_rng(5)

    def draw(count: int) -> tuple[np.ndarray, np.ndarray]:
        labels = rng.random(count) < 0.5
        return labels, np.clip(rng.normal(np.where(labels, 0.65, 0.35), 0.15), 0.01, 0.99)

    low, high = conformal_band(*draw(4000), np.ones(4000), 0.02, 0.05)
    labels, probabilities = draw(20000)

    assert (probabilities[~labels] > high).mean() == pytest.approx(0.02, abs=0.01)
    assert (probabilities[labels] < low).mean() == pytest.approx(0.05, abs=0.015)


def test_the_upper_edge_keeps_its_promise_for_a_camera_with_few_clips() -> None:
    """Of 1,000 clips 50 are of a camera whose clips score high; it weighs as much as the other."""
    rng = np.random.default_rng(1)
    labels = np.arange(2000) % 2 == 0
    rare = ~labels & (np.arange(2000) % 40 == 1)
    probabilities = np.where(labels, 0.7, 0.2) + rng.uniform(-0.1, 0.1, 2000)
    probabilities[rare] = rng.uniform(0.55, 0.95, rare.sum())
    weights = np.where(rare, 19.0, 1.0)

    _, by_clip = conformal_band(labels, probabilities, np.ones(2000), 0.05, 0.05)
    _, by_camera = conformal_band(labels, probabilities, weights, 0.05, 0.05)

    assert (probabilities[rare] > by_clip).mean() > 0.9
    assert (probabilities[rare] > by_camera).mean() == pytest.approx(0.1, abs=0.03)


def test_the_band_is_wide_where_no_number_of_media_could_keep_the_promise() -> None:
    labels = np.array([True] * 30 + [False] * 30)
    _, high = conformal_band(labels, np.full(60, 0.5), np.ones(60), 0.02, 0.05)

    assert high > 0.98


def test_media_that_lie_on_an_edge_together_stay_undecided() -> None:
    """As of a head that knows nothing: it says one of a few numbers of all media."""
    labels = np.arange(1000) % 2 == 0
    probabilities = np.where(np.arange(1000) % 5 < 2, 0.6, 0.4)

    low, high = conformal_band(labels, probabilities, np.ones(1000), 0.02, 0.05)

    # The service decides on the edge itself.
    assert not (probabilities >= high).any()
    assert not (probabilities <= low).any()


def test_temperature_undoes_overconfidence_and_refuses_noise() -> None:
    rng = np.random.default_rng(2)
    logits = rng.normal(0, 2, 4000)
    labels = rng.random(4000) < 1 / (1 + np.exp(-logits))
    even = np.ones(4000)

    assert fit_temperature(labels, 3 * logits, even) == pytest.approx(3, rel=0.15)
    with pytest.raises(ValueError, match="bound"):
        fit_temperature(~labels, logits, even)
