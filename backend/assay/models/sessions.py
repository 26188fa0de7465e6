"""The model store: models/manifest.json, sha256 check, lazy locked ONNX sessions, warm-up.

Nothing here is opened before its hash matches the manifest: an ONNX file may crash a parser and
a joblib bundle is code.
"""

import hashlib
import io
import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import onnxruntime as ort
from pydantic import BaseModel, ConfigDict, ValidationError

from assay.errors import AssayError

log = logging.getLogger(__name__)

MANIFEST = "manifest.json"


class ModelEntry(BaseModel):
    """One folder under models/.

    files: name to sha256. serve: the file that serving loads. parameters: numbers that belong to
    the weights and were measured with them (thresholds, calibration); the branch defines them.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    files: dict[str, str]
    serve: str
    parameters: dict[str, Any] = {}


class Manifest(BaseModel):
    """models/manifest.json."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: int
    models: dict[str, ModelEntry]


class ModelStore:
    """Loads verified models on first use and keeps them; safe to share between threads."""

    def __init__(self, folder: Path, threads: int) -> None:
        """Read the manifest.

        Raises:
            AssayError: `models_missing` if there is none, `model_rejected` if it is malformed.
        """
        try:
            raw = (folder / MANIFEST).read_bytes()
        except OSError as error:
            raise AssayError(
                "models_missing", "No models are installed; restore the models folder."
            ) from error
        try:
            self.manifest = Manifest.model_validate_json(raw)
        except ValidationError as error:
            raise AssayError(
                "model_rejected", "The model manifest is damaged; restore the models folder."
            ) from error
        self.digest = hashlib.sha256(raw).hexdigest()
        self.folder = folder
        self._threads = threads
        self._lock = threading.Lock()
        self._locks: dict[tuple[str, str], threading.Lock] = {}
        self._loaded: dict[tuple[str, str], Any] = {}

    def parameters(self, name: str) -> dict[str, Any]:
        """The numbers stored beside a model's weights."""
        return self._entry(name).parameters

    def hash(self, name: str) -> str:
        """The sha256 of the file that serving loads for this model."""
        entry = self._entry(name)
        return entry.files[entry.serve]

    def session(self, name: str) -> ort.InferenceSession:
        """The model's ONNX session, verified, loaded and warmed up once.

        Raises:
            AssayError: `models_missing` or `model_rejected`.
        """
        return self._once((name, self._entry(name).serve), lambda: self._load_session(name))

    def bundle(self, name: str, file: str) -> Any:
        """A joblib bundle of the model, verified before it is opened.

        Raises:
            AssayError: `models_missing` or `model_rejected`.
        """
        return self._once((name, file), lambda: joblib.load(io.BytesIO(self._verified(name, file))))

    def check(self, name: str) -> None:
        """Check every file of one model.

        Raises:
            AssayError: `models_missing` or `model_rejected` for the first file that fails.
        """
        for file in self._entry(name).files:
            self._verified(name, file)

    def _once(self, key: tuple[str, str], load: Callable[[], Any]) -> Any:
        with self._lock:
            lock = self._locks.setdefault(key, threading.Lock())
        with lock:
            if key not in self._loaded:
                started = time.perf_counter()
                self._loaded[key] = load()
                log.info("Loaded %s in %.0f ms", key, 1000 * (time.perf_counter() - started))
            return self._loaded[key]

    def _load_session(self, name: str) -> ort.InferenceSession:
        options = ort.SessionOptions()
        options.intra_op_num_threads = self._threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # Idle threads that spin would steal the cores from the decoder.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        content = self._verified(name, self._entry(name).serve)
        session = ort.InferenceSession(content, options, providers=["CPUExecutionProvider"])
        _warm_up(session)
        return session

    def _entry(self, name: str) -> ModelEntry:
        try:
            return self.manifest.models[name]
        except KeyError as error:
            raise AssayError(
                "models_missing", f"The model {name} is not installed; restore the models folder."
            ) from error

    def _verified(self, name: str, file: str) -> bytes:
        """Bytes of a model file whose hash matched; read once, so that they cannot change."""
        try:
            content = (self.folder / name / file).read_bytes()
        except OSError as error:
            raise AssayError(
                "models_missing", f"A file of {name} is missing; restore the models folder."
            ) from error
        if hashlib.sha256(content).hexdigest() != self._entry(name).files[file]:
            raise AssayError(
                "model_rejected",
                f"A file of {name} is not the one that was released; restore the models folder.",
            )
        return content


def _warm_up(session: ort.InferenceSession) -> None:
    """Run once on zeros, so that the first person does not wait for memory planning."""
    feed = {
        put.name: np.zeros(
            [size if isinstance(size, int) else _WARM_SIZES.get(size, 1) for size in put.shape],
            np.uint8 if put.type == "tensor(uint8)" else np.float32,
        )
        for put in session.get_inputs()
    }
    session.run(None, feed)


_WARM_SIZES = {"batch": 1, "time": 8, "height": 64, "width": 64}
"""Sizes for the named free axes of exported models."""
