"""A refit takes numbers over; it is refused where it cannot know whether they still hold."""

import json
from pathlib import Path

import pytest

pytest.importorskip("torch")

from assay.settings import Settings
from assay_lab.visual.effnet.card import card
from assay_lab.visual.effnet.refit import command, mean_auc

HOME = Settings().models_dir / "visual_effnet"


def test_a_network_that_held_out_a_fold_is_for_the_other_command(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps({"hold_out": "0"}))
    with pytest.raises(SystemExit, match="release-effnet is for that"):
        command(bank=tmp_path, run=tmp_path, models=tmp_path)


def test_kinds_count_alike_however_many_files_they_have() -> None:
    assert mean_auc({"stills": {"auc": {"value": 0.6}}, "clips": {"auc": {"value": 0.9}}}) == 0.75


def test_the_card_shows_both_networks_on_the_same_files() -> None:
    report = json.loads((HOME / "metrics.json").read_text())
    tables = report["test"]
    report["refit"] = {
        "run": report["runs"][0],
        "before": tables,
        "after": {kind: one | {"auc_effnet": 0.999} for kind, one in tables.items()},
        "out_of_distribution": {"real image, test": 0.01},
    }
    text = card(report)
    for kind in tables:
        assert f"| {kind}, folds' network |" in text
        assert f"| {kind}, served |" in text
    assert text.count("0.999") == len(tables)
