"""Release of the sync branch: who fits the head, who measures it, and that the service takes it."""

import json

import numpy as np
import pytest
import torch

from assay.branches.av_sync.branch import AvSync
from assay.evidence import BranchState, FaceCounters, Hints, MediaInfo
from assay.media.material import Material, Person
from assay.models.sessions import ModelStore
from assay_lab.av_sync import release as av_sync
from assay_lab.av_sync.clips import About, Talk, save
from assay_lab.av_sync.net import AvSyncNet
from assay_lab.av_sync.train import HELD_OUT
from assay_lab.av_sync.trials import trials
from assay_lab.data.split import split_of
from tests.branches.av_sync.sync_media import LoudnessTowers, lips, sound


def talk(number: int, source: str, label: str = "real") -> Talk:
    about = About(f"{source[-3:]}{number}", label, "", f"{source}|{number}", source, "", 1.2)
    return Talk(about, [[lips(1.2, seed=number)]], sound(1.2, seed=number))


def numbers_of(name: str, count: int) -> list[int]:
    return [n for n in range(200) if split_of(f"site|{n}") == name][:count]


def held_out_numbers(source: str) -> list[int]:
    """One clip of the training part and one of another."""
    parts = {split_of(f"{source}|{n}") == "train": n for n in range(60)}
    return [parts[True], parts[False]]


@pytest.fixture(scope="module")
def work(tmp_path_factory):
    """Few clips of every part and the checkpoint of an untrained network."""
    folder = tmp_path_factory.mktemp("release")
    (folder / "clips").mkdir()
    chosen = [n for name in ("train", "val", "test") for n in numbers_of(name, 4)]
    talks = [talk(n, "site") for n in chosen]
    talks += [talk(n, source) for source in HELD_OUT for n in held_out_numbers(source)]
    talks.append(talk(900, "site", "fake"))
    for one in talks:
        save(one, folder / "clips" / f"{one.about.key}.npz")
    torch.manual_seed(1)
    torch.save({"step": 5, "average": AvSyncNet().state_dict()}, folder / "checkpoint.pt")
    (folder / "config.json").write_text(json.dumps({"batch": 24}))
    return folder


def test_a_released_head_is_served_and_its_card_tells_its_numbers(work):
    models = work / "models"
    models.mkdir()
    av_sync.command(work / "clips", work, models)
    store = ModelStore(models, threads=1)
    store.check(av_sync.NAME)
    person = Person(1, mouths=[lips(2.0)])
    media = MediaInfo(kind="video", container="mp4", size_bytes=1, sha256="0" * 64)
    material = Material(media, Hints(), [person], FaceCounters(), sound(2.0))
    finding = AvSync(store).examine(material, {}, lambda _: None)
    assert finding.evidence.state is BranchState.DONE
    assert 0 < finding.features["sync_prob"] < 1
    numbers = json.loads((models / av_sync.NAME / "metrics.json").read_text())
    assert numbers["trained_on"]["clips"] == 4
    assert numbers["trained_on"]["sources"] == {"site": 4}
    assert numbers["trained_on"]["median_seconds"] > 0
    # What the fusion may judge did not fit the head, but the head of other sources judges it.
    assert numbers["head_fitted_on"]["clips"] == 3
    assert [one["clips"] for one in numbers["test"].values()] == [4, 6]
    assert numbers["published_fakes"]["clips"] == 1
    card = (models / av_sync.NAME / "card.md").read_text()
    for family in numbers["test"]["sources held out"]["auc"].values():
        assert f"{family['value']:.3f}" in card
    assert "100% of them of one source, site." in card


def test_a_head_fitted_on_good_towers_is_right_and_knows_which_way_is_up():
    found = trials([talk(n, "site") for n in range(20)], LoudnessTowers())
    head = av_sync.fit(found[: len(found) // 2])
    measured = av_sync.report(av_sync.judge(found[len(found) // 2 :], head))
    assert measured["clips"] == 10
    assert measured["auc"]["moved by 0.3 s"]["value"] > 0.95
    assert measured["false_alarms"]["P(in sync) < 0.3"] <= 0.1


def test_no_source_is_judged_by_a_head_that_was_fitted_on_it(monkeypatch):
    fitted = []
    monkeypatch.setattr(av_sync, "fit", lambda found: fitted.append(found) or {})
    monkeypatch.setattr(av_sync, "probability", lambda curve, head: 0.5)
    talks = [talk(n, source) for source in ("a", "b") for n in range(3)]
    found = trials(talks, LoudnessTowers(), ("real",))
    judged = av_sync.judge_by_others(found)
    assert [one.trial for one in judged] == found
    assert [{trial.about.source for trial in one} for one in fitted] == [{"b"}, {"a"}]


def test_a_head_fitted_on_blind_towers_stays_near_a_half():
    class Blind:
        def run(self, output_names, feed):
            rng = np.random.default_rng(len(feed["lips"]) + int(feed["voice"].sum()) % 1000)
            return tuple(
                rng.normal(size=(len(feed[name]), 128)).astype(np.float32) / 11.3
                for name in ("lips", "voice")
            )

    found = trials([talk(n, "site") for n in range(30)], Blind())
    head = av_sync.fit(found)
    scores = [av_sync.probability(trial.curve, head) for trial in found]
    assert np.mean(np.abs(np.array(scores) - 0.5) < 0.2) > 0.9
