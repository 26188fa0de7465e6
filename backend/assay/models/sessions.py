"""The model store: verified models, loaded on first use. And the one way to open an ONNX session.

Nothing here is opened before its hash matches the manifest: an ONNX file may crash a parser, and
joblib bundles, which could be code, are read as numbers only (`bundles.py`).
"""

import copy
import io
import logging
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Self

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from assay.models.bundles import open_bundle
from assay.models.manifest import ModelFolder

log = logging.getLogger(__name__)


def open_session(content: bytes, threads: int = 1) -> ort.InferenceSession:
    """An ONNX session on the CPU, with the options that all of ours have.

    Args:
        content: The ONNX file, from a source that is trusted.
        threads: Threads within an operator.
    """
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # Idle threads that spin would steal the cores from the decoder.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return ort.InferenceSession(content, options, providers=["CPUExecutionProvider"])


class ModelStore(ModelFolder):
    """Loads verified models on first use and keeps them; safe to share between threads."""

    def __init__(self, folder: Path, threads: int) -> None:
        """Read the manifest.

        Args:
            folder: The models folder.
            threads: How many runs of a network its users may have at work at once. A run itself
                keeps to one thread: see `side_by_side`.

        Raises:
            AssayError: `models_missing` if there is none, `model_rejected` if it is malformed.
        """
        super().__init__(folder)
        self.threads = threads
        self._lock = threading.Lock()
        self._locks: dict[tuple[str, str], threading.Lock] = {}
        self._loaded: dict[tuple[str, str], Any] = {}
        self.used: dict[str, str] = {}
        """What was asked for, folder/file to sha256."""

    def tracked(self) -> Self:
        """The same models, loaded or not, with nothing `used` yet: one of these an analysis."""
        store = copy.copy(self)
        store.used = {}
        return store

    def session(self, name: str) -> ort.InferenceSession:
        """The model's ONNX session, verified, loaded and warmed up once.

        Raises:
            AssayError: `models_missing` or `model_rejected`.
        """
        file = self.entry(name).serve
        return self._once(name, file, lambda: self._load_session(name, file))

    def bundle(self, name: str, file: str) -> Any:
        """A joblib bundle of the model, verified before it is opened; nothing in it is run.

        Raises:
            AssayError: `models_missing` or `model_rejected`.
        """
        return self._once(name, file, lambda: open_bundle(self.read(name, file)))

    def arrays(self, name: str, file: str) -> Mapping[str, NDArray[Any]]:
        """A .npz file of the model, verified, by array name; nothing in it can be code.

        Raises:
            AssayError: `models_missing` or `model_rejected`.
        """
        loaded: dict[str, NDArray[Any]] = self._once(
            name, file, lambda: self._load_arrays(name, file)
        )
        return loaded

    def _load_arrays(self, name: str, file: str) -> dict[str, NDArray[Any]]:
        with np.load(io.BytesIO(self.read(name, file)), allow_pickle=False) as content:
            return dict(content)

    def _once(self, name: str, file: str, load: Callable[[], Any]) -> Any:
        key = name, file
        with self._lock:
            lock = self._locks.setdefault(key, threading.Lock())
        with lock:
            if key not in self._loaded:
                started = time.perf_counter()
                self._loaded[key] = load()
                log.info("Loaded %s in %.0f ms", key, 1000 * (time.perf_counter() - started))
        self.used[f"{name}/{file}"] = self.hash(name, file)
        return self._loaded[key]

    def _load_session(self, name: str, file: str) -> ort.InferenceSession:
        session = open_session(self.read(name, file))
        _warm_up(session)
        return session


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
