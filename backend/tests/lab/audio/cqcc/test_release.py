"""Release of the audio branch: one half of the held-out fold calibrates, the other measures."""

import json
from dataclasses import asdict, replace

import pytest
import torch

from assay_lab.audio.cqcc import release as audio
from assay_lab.audio.cqcc.net import CqccCnn
from assay_lab.audio.cqcc.train import Config
from assay_lab.audio.scores import Score
from assay_lab.core.loop import Schedule
from assay_lab.data.speech import StoreWriter, Utterance, half
from tests.lab.voice import voice


@pytest.fixture
def work(tmp_path):
    """A store of two folds and the checkpoint of an untrained network."""
    writer = StoreWriter(tmp_path / "stores" / "speech")
    for n in range(60):
        row = Utterance(str(n), n % 2 == 1, "", "", f"site|{n}", "site", 0, "speech")
        if row.fake:
            row = replace(row, generator="g", vocoder="v")
        if n % 5 == 0:
            row = replace(row, group=f"site|VCTK {n}")
        writer.add(replace(row, fold=1 if n >= 50 else 0), voice(0.1))
    writer.close()
    run = tmp_path / "runs" / "one"
    run.mkdir(parents=True)
    config = Config((), (), tmp_path / "whole", 0, Schedule(steps=5))
    (run / "config.json").write_text(json.dumps(asdict(config), default=str))
    torch.save({"step": 5, "average": CqccCnn().state_dict()}, run / "checkpoint.pt")
    return tmp_path


@pytest.fixture
def heard(monkeypatch):
    """Scripted scores, (key, condition) in the order of asking; val is shifted, test is not."""
    asked = []

    def score(net, store, rows, condition):
        asked.extend((row, condition) for row in rows)
        return [
            Score(row.key, (1.0 if row.fake else -1.0) * (1 + int(row.key) % 5) + shift(row))
            for row in rows
        ]

    def shift(row):
        return 3.0 if half(row) == "val" else 0.0

    monkeypatch.setattr(audio, "score_rows", score)
    monkeypatch.setattr(audio, "open_session", lambda content: None)
    monkeypatch.setattr(audio, "export", lambda net: b"a network")
    return asked


def test_nothing_that_calibrates_is_measured(work, heard):
    table = work / "other.csv"
    table.write_text("key,logit\n" + "".join(f"{n},{n % 2}\n" for n in range(60)))
    audio.command(work, "one", work / "models", each=5, note="A draft.", baseline=table)
    home = work / "models" / "audio_cqcc_cnn"
    report = json.loads((home / "metrics.json").read_text())
    in_test = [row for row, condition in heard if half(row) == "test" and condition == "clean"]
    assert {row.fold for row, _ in heard} == {0}
    assert {condition for row, condition in heard if half(row) == "val"} == {"clean"}
    # The shift of the calibrating half shows: every real recording of the other is below 0.5 and
    # so are the weakest fakes.
    assert report["calibration"]["bias"] < 0
    assert report["test"]["false_alarms"] == 0
    assert report["test"]["misses"] > 0
    assert report["test"]["auc"]["value"] == 1.0
    assert report["test"]["real"] + report["test"]["fake"] == len({row.key for row in in_test})
    new = {row.key for row in in_test if int(row.key) % 5}
    assert report["new_voices"]["real"] + report["new_voices"]["fake"] == len(new)
    assert report["by_condition"]["opus 24k"]["real"] == 5
    assert report["baseline"]["theirs"]["eer"]["value"] == 0.0
    card = (home / "card.md").read_text()
    assert "other as published has an EER of 0.0%" in " ".join(card.split())
    assert "A draft." in card
    assert str(work) not in card + (home / "metrics.json").read_text()
    manifest = json.loads((work / "models" / "manifest.json").read_text())
    assert manifest["models"]["audio_cqcc_cnn"]["parameters"] == report["calibration"]
