"""The released heads: what the service reads is what was fitted and measured."""

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from assay.fusion import MODEL, fuse
from assay.models.sessions import ModelStore
from assay_lab.fusion.examine import Examined, digest_of
from assay_lab.fusion.heads import fit_head
from assay_lab.fusion.patterns import HEADS
from assay_lab.fusion.release import command
from tests.lab.examined import HEAD, media
from tests.model_factory import write_manifest


def copy_of(line: Examined) -> Examined:
    """The same medium after corruption that blurs every feature."""
    features = {
        name: None if value is None else (value + 0.5) / 2 for name, value in line.features.items()
    }
    return replace(line, corrupted=True, features=features)


def write(lines: Sequence[Examined], models: Path) -> Path:
    """Lines as `examine` writes them, said by the models of a folder without any."""
    models.mkdir()
    write_manifest(models, {})
    file = models.parent / "examined.jsonl"
    said = [replace(line, models=digest_of(models)) for line in lines]
    file.write_text("".join(json.dumps(asdict(line)) + "\n" for line in said))
    return file


@pytest.fixture(scope="module")
def lines() -> list[Examined]:
    intact = media(240)
    return [*intact, *map(copy_of, intact)]


@pytest.fixture(scope="module")
def models(lines: list[Examined], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("release") / "models"
    command([write(lines, folder)], folder)
    return folder


@pytest.fixture(scope="module")
def report(models: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((models / MODEL / "metrics.json").read_text())
    return found


def test_the_service_says_what_the_lab_fitted(models: Path, lines: list[Examined]) -> None:
    head = fit_head(lines, HEAD, 0.02, 0.05)
    store = ModelStore(models, threads=1)
    store.check(MODEL)

    fused = [fuse(line.features, store) for line in lines]

    assert {said.head for said in fused if said} == {HEAD}
    said = [one.probability for one in fused if one]
    assert said == pytest.approx(head.probabilities(lines), abs=1e-9)


def test_only_heads_with_media_of_their_modalities_are_released(report: dict[str, Any]) -> None:
    assert set(report["heads"]) == {"tiny", "tiny+audio", HEAD}
    assert report["ablation"] == {}


def test_numbers_of_media_and_of_their_copies_stand_apart(report: dict[str, Any]) -> None:
    head = report["heads"][HEAD]

    assert report["media"] == report["corrupted_copies"] == 240
    assert (
        head["real"] + head["fake"] == head["corrupted"]["real"] + head["corrupted"]["fake"] == 240
    )
    assert head["auc"]["value"] > 0.8
    assert head["ece"] >= 0


def test_without_copies_none_are_told_of(tmp_path: Path) -> None:
    folder = tmp_path / "models"
    command([write(media(120), folder)], folder)

    report = json.loads((folder / MODEL / "metrics.json").read_text())
    assert all(head["corrupted"] is None for head in report["heads"].values())
    assert "everyday corruption has come to" not in (folder / MODEL / "card.md").read_text()


def test_the_card_has_a_row_for_every_head_and_no_gaps(models: Path) -> None:
    card = (models / MODEL / "card.md").read_text()
    rows = [line for line in card.splitlines() if line.startswith(("| tiny", "| head"))]
    columns = {row.count("|") for row in rows}

    assert {name for name in HEADS if f"| {name} |" in card} == {"tiny", "tiny+audio", HEAD}
    assert len(columns) == 1
    assert "nan" not in card


def test_what_other_models_said_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "models"
    file = write(media(20), folder)
    write_manifest(folder, {"visual": {}})

    with pytest.raises(SystemExit, match="other models said 20"):
        command([file], folder)


def test_too_few_media_release_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "models"

    with pytest.raises(SystemExit, match="no head has enough media"):
        command([write(media(20), folder)], folder)
    assert not (folder / MODEL).exists()
