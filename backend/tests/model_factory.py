"""Small model folders for tests."""

import hashlib
import json
from pathlib import Path
from typing import Any

import joblib
import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from assay.fusion import MODALITIES


def write_manifest(folder: Path, models: dict[str, Any]) -> None:
    """A manifest with these entries."""
    (folder / "manifest.json").write_text(json.dumps({"version": 1, "models": models}))


def install(folder: Path, name: str, serve: str, parameters: dict[str, Any] | None = None) -> None:
    """Enter a folder's files, as they are now, into the manifest."""
    manifest = folder / "manifest.json"
    models = json.loads(manifest.read_text())["models"] if manifest.exists() else {}
    models[name] = {
        "files": {
            file.name: hashlib.sha256(file.read_bytes()).hexdigest()
            for file in sorted((folder / name).iterdir())
        },
        "serve": serve,
        "parameters": parameters or {},
    }
    write_manifest(folder, models)


def columns_of(head: str) -> list[str]:
    """Features of a head such as 'tiny+visual'."""
    return [feature for modality in head.split("+") for feature in MODALITIES[modality]]


def install_fusion(
    folder: Path, *heads: str, temperature: float = 1.0, reliability: dict[str, Any] | None = None
) -> None:
    """Fusion heads fitted on noise in which large values mean fake."""
    (folder / "fusion").mkdir(parents=True, exist_ok=True)
    settings = {}
    for head in heads:
        columns = columns_of(head)
        rng = np.random.default_rng(len(columns))
        labels = rng.random(400) < 0.5
        values = rng.normal(size=(400, len(columns))) * 0.2 + 0.4 + 0.2 * labels[:, None]
        model = make_pipeline(StandardScaler(), LogisticRegression()).fit(values, labels)
        file = f"{head.replace('+', '_')}.joblib"
        joblib.dump(
            {"model": model, "feature_cols": columns, "temperature": temperature},
            folder / "fusion" / file,
        )
        edges = {"authentic_below": 0.3, "deepfake_above": 0.7, "decisive_above": 0.9}
        settings[head] = {"file": file, **edges}
    install(
        folder,
        "fusion",
        serve=next(iter(settings.values()))["file"],
        parameters={"heads": settings, "cap": [0.02, 0.98], "reliability": reliability or {}},
    )
