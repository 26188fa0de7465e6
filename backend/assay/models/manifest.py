"""The models folder as its manifest describes it: names, hashes, parameters, verified bytes.

Light on purpose: the API asks what is installed, and loads no runtime for it.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from assay.errors import AssayError

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


class ModelFolder:
    """A models folder. Its files give bytes only if their hashes are those of the manifest."""

    def __init__(self, folder: Path) -> None:
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
        """Of the manifest: it changes with every file and every parameter."""
        self.folder = folder

    def entry(self, name: str) -> ModelEntry:
        """What the manifest says of a model.

        Raises:
            AssayError: `models_missing`.
        """
        try:
            return self.manifest.models[name]
        except KeyError as error:
            raise AssayError(
                "models_missing", f"The model {name} is not installed; restore the models folder."
            ) from error

    def parameters(self, name: str) -> dict[str, Any]:
        """The numbers stored beside a model's weights."""
        return self.entry(name).parameters

    def hash(self, name: str, file: str) -> str:
        """The sha256 that a file has to have.

        Raises:
            AssayError: `models_missing`.
        """
        files = self.entry(name).files
        if file not in files:
            raise _file_missing(name)
        return files[file]

    def read(self, name: str, file: str) -> bytes:
        """Bytes of a file whose hash matched; read once, so that they cannot change in between.

        Raises:
            AssayError: `models_missing` or `model_rejected`.
        """
        with _told_if_missing(name):
            content = (self.folder / name / file).read_bytes()
        self._compare(name, file, hashlib.sha256(content).hexdigest())
        return content

    def check(self, name: str) -> None:
        """Check that every file of a model is there and whole.

        A file is hashed once in a process, and again when its size or its time has changed: cheap
        enough for whoever asks every few seconds, not for what is about to be opened (`read`).

        Raises:
            AssayError: `models_missing` or `model_rejected` for the first file that fails.
        """
        for file in self.entry(name).files:
            path = self.folder / name / file
            with _told_if_missing(name):
                found = path.stat()
                digest = _hash_of_file(path, found.st_size, found.st_mtime_ns)
            self._compare(name, file, digest)

    def _compare(self, name: str, file: str, digest: str) -> None:
        if digest != self.hash(name, file):
            raise AssayError(
                "model_rejected",
                f"A file of {name} is not the one that was released; restore the models folder.",
            )


@lru_cache(maxsize=1024)
def _hash_of_file(path: Path, size: int, modified_ns: int) -> str:
    """The sha256 of a file in this state."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _told_if_missing(name: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise _file_missing(name) from error


def _file_missing(name: str) -> AssayError:
    return AssayError("models_missing", f"A file of {name} is missing; restore the models folder.")
