"""The audio trainer: twins are cut alike, pools are balanced, a run goes on where it stopped."""

import json
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
import torch

from assay.branches.audio.cqcc import Cqcc, deltas
from assay_lab.audio.cqcc.dataset import Cepstra, build_corrupted, build_whole
from assay_lab.audio.cqcc.net import EMBEDDING, CqccCnn, with_deltas
from assay_lab.audio.cqcc.train import Batches, Config, Judge, Pool, train
from assay_lab.core.loop import Schedule
from assay_lab.data.speech import Store, StoreWriter, Utterance
from tests.lab.voice import voice


def utterance(key, fake, **more):
    # A speaker of the half that may be judged while training.
    row = Utterance(key, fake, "", "", "speaker", "site", 0, "speech")
    return replace(row, **more)


@pytest.fixture(scope="module")
def work(tmp_path_factory):
    """Two real recordings with a forgery each, and one fake without an original; two folds."""
    folder = tmp_path_factory.mktemp("work")
    recordings, forgeries = StoreWriter(folder / "recordings"), StoreWriter(folder / "forgeries")
    for fold in (0, 1):
        for n in range(2):
            key, wave = f"{fold}{n}", voice(1.2, 100 + 40 * n, seed=10 * fold + n)
            recordings.add(utterance(f"real {key}", False, fold=fold), wave)
            forged = utterance(f"forged {key}", True, fold=fold, origin=f"real {key}")
            forgeries.add(replace(forged, generator="g", kind="forged"), wave[::-1].copy())
        fake = utterance(f"fake {fold}", True, fold=fold, generator="h")
        recordings.add(fake, voice(1.0, 220))
    recordings.close()
    forgeries.close()
    for name, copies in (("recordings", 3), ("forgeries", 2)):
        build_corrupted(folder / name, folder / "views" / name, copies, of=3)
    build_whole(folder / "recordings", folder / "whole")
    return folder


def config(work, **more):
    settings = Config(
        stores=(work / "recordings", work / "forgeries"),
        views=(work / "views" / "recordings", work / "views" / "forgeries"),
        whole=work / "whole",
        fold=1,
        schedule=Schedule(steps=3, validate_every=3, save_every=1, log_every=1),
        pairs=4,
        shortest=0.5,
        longest=0.8,
    )
    return replace(settings, **more)


def test_training_sees_the_deltas_that_serving_computes():
    static = np.random.default_rng(0).normal(size=(96, 37)).astype(np.float32)
    first = deltas(static)
    wanted = np.stack([static, first, deltas(first)])
    found = with_deltas(torch.from_numpy(static)[None])[0].numpy()
    np.testing.assert_allclose(found, wanted, atol=1e-5)


@pytest.mark.parametrize("frames", [8, 61, 400])
def test_the_network_takes_windows_of_any_length(frames):
    reading = CqccCnn().eval()(torch.randn(2, 3, 96, frames))
    assert reading.logit.shape == (2,)
    assert reading.embedding.shape == (2, EMBEDDING)
    assert reading.logit.isfinite().all()


def test_the_first_layer_starts_as_the_inverse_of_the_cepstrum():
    wave = voice(0.5)
    front = Cqcc()
    power = front.power(wave)
    spectrum = np.log(power / power.mean() + front.floor)
    unfolded = (CqccCnn().unfold.detach().numpy() @ front.static(wave))[:, 25]
    # The same spectrum, up to the detail that 96 coefficients of 2,000 points keep.
    places = np.linspace(front.lowest, front.frequencies[-1], 96)
    smooth = np.interp(places, front.frequencies, spectrum[:, 25])
    assert np.corrcoef(unfolded, smooth)[0, 1] > 0.8


def test_small_sites_and_rare_generators_are_heard():
    rows = [utterance(str(i), True, source="big", generator="often") for i in range(97)]
    rows += [utterance(f"r{i}", True, source="big", generator="rare") for i in range(3)]
    rows += [utterance(f"s{i}", True, source="small", generator="own") for i in range(4)]
    pool, rng = Pool(rows), np.random.default_rng(0)
    drawn = Counter(pool.draw(rng).generator for _ in range(2000))
    assert drawn["rare"] == pytest.approx(drawn["often"], rel=0.2)
    assert 200 < drawn["own"] < 700


def test_twins_differ_by_the_forgery_alone(work):
    rows = [row for name in ("recordings", "forgeries") for row in Store(work / name).rows]
    sets = [Cepstra(work / "views" / name) for name in ("recordings", "forgeries")]
    settings = config(work, twins=1.0)
    batches = Batches(settings, rows, sets)
    found = {}
    for one in sets:
        for sequence in one.sequences:
            found[sequence.key, sequence.copy] = np.asarray(one.of(sequence), np.float32)
    batch = batches.draw(np.random.default_rng(4))
    assert batch.twin.all()
    assert batch.static.shape[:2] == (2 * settings.pairs, 96)
    np.testing.assert_array_equal(batch.mask[: settings.pairs], batch.mask[settings.pairs :])
    frames = batch.static.shape[2]
    for pair in range(settings.pairs):
        # Above the random filter's 12 coefficients a window is an untouched cut of some copy.
        real, fake = (batch.static[i].numpy().T[:, 12:] for i in (pair, settings.pairs + pair))
        matches = {
            (key, copy, start)
            for window in (real, fake)
            for (key, copy), values in found.items()
            for start in range(len(values) - frames + 1)
            if np.array_equal(values[start : start + frames, 12:], window)
        }
        origins = {key.split()[-1] for key, _, _ in matches}
        assert {key.split()[0] for key, _, _ in matches} == {"real", "forged"}
        assert len(origins) == len({(copy, start) for _, copy, start in matches}) == 1


def test_a_batch_is_the_same_for_the_same_step(work):
    rows = [row for name in ("recordings", "forgeries") for row in Store(work / name).rows]
    sets = [Cepstra(work / "views" / name) for name in ("recordings", "forgeries")]
    batches = Batches(config(work), rows, sets)
    (*_, last), (again,) = batches(0), batches(2)
    assert torch.equal(last.static, again.static)


def test_a_killed_run_goes_on_and_never_learns_the_held_out_fold(work, tmp_path, monkeypatch):
    heard = []
    monkeypatch.setattr(
        "assay_lab.audio.cqcc.train.Batches",
        lambda settings, rows, sets: heard.extend(rows) or Batches(settings, rows, sets),
    )
    original, saves = torch.save, []

    def killed(*args, **kwargs):
        original(*args, **kwargs)
        saves.append(1)
        if len(saves) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(torch, "save", killed)
    with pytest.raises(KeyboardInterrupt):
        train(tmp_path, config(work))
    monkeypatch.setattr(torch, "save", original)
    train(tmp_path, config(work))
    lines = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    # The second checkpoint was not finished, so step 2 was done again.
    assert [line["step"] for line in lines if "class" in line] == [1, 2, 2, 3]
    assert {row.fold for row in heard} == {0}


def test_the_judge_scores_recordings_and_not_forgeries(work):
    judge = Judge(Store(work / "recordings").rows, Cepstra(work / "whole"))
    numbers = judge(CqccCnn().eval())
    assert len(judge.rows) == 6
    assert set(numbers) == {"auc", "eer", "eer_unseen", "eer_sites"}


def test_a_run_goes_on_from_another(work, tmp_path):
    first = train(tmp_path / "first", config(work))
    frozen = Schedule(steps=1, peak_rate=0.0, validate_every=1, save_every=1, log_every=1)
    second = train(tmp_path / "second", config(work, start=tmp_path / "first", schedule=frozen))
    torch.testing.assert_close(second.unfold, first.unfold)
    assert not torch.equal(second.unfold, CqccCnn().unfold)


def test_a_forgery_without_its_original_is_not_drawn(work):
    rows = [row for name in ("recordings", "forgeries") for row in Store(work / name).rows]
    sets = [Cepstra(work / "views" / "forgeries"), Cepstra(work / "views" / "recordings")]
    sets[1].sequences = [part for part in sets[1].sequences if part.key != "real 00"]
    batches = Batches(config(work, twins=1.0), rows, sets)
    for seed in range(20):
        assert batches.draw(np.random.default_rng(seed)).twin.all()
