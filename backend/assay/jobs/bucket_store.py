"""The media store that many machines share: a bucket of an S3-compatible service.

Credentials, region and endpoint are those that AWS's own variables say (AWS_ACCESS_KEY_ID,
AWS_SECRET_ACCESS_KEY, AWS_REGION, AWS_ENDPOINT_URL, and AWS_ALLOW_HTTP=true for a service without
TLS), or the role of the machine.
"""

import hashlib
import os
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Final

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from assay.jobs.drafts import Drafts
from assay.jobs.media_store import ARTEFACT_NAME, CHUNK, StoreAwayError

PART: Final = 8 * 1024 * 1024
"""Bytes of an upload that are sent in one request; two are in memory at a time."""
SEEN_SECONDS: Final = 5.0
"""How long what was there is believed to be there still, where nothing depends on it."""
MOST_SEEN: Final = 10_000
ABANDONED: Final = timedelta(days=1)
"""After that what is brought and not kept belongs to a process that was killed."""
PATIENCE: Final = timedelta(seconds=20)
"""For a request and its repetitions."""


class BucketStore:
    """One bucket, or the part of it below a prefix.

    Args:
        url: s3://bucket/prefix
        folder: Local, for files on their way.
        max_bytes: Of an upload. What is larger has not come from us and is not fetched.
    """

    def __init__(self, url: str, folder: Path, max_bytes: int) -> None:
        self._bucket = S3Store.from_url(
            url,
            client_options={
                "connect_timeout": timedelta(seconds=5),
                "timeout": timedelta(minutes=10),
                # Options that are given hide those of the environment.
                "allow_http": os.environ.get("AWS_ALLOW_HTTP", "").lower() == "true",
            },
            retry_config={"max_retries": 5, "retry_timeout": PATIENCE},
        )
        self._drafts = Drafts(folder / "incoming")
        self._max_bytes = max_bytes
        self._process = str(uuid.uuid4())
        self._seen: dict[str, float] = {}
        with suppress(StoreAwayError):  # that is for `check` to tell
            self._remove_abandoned()

    def check(self) -> None:
        # To ask for an object would not tell one that is missing from a bucket that is.
        with _answering():
            next(iter(obstore.list(self._bucket, "check")), None)

    def incoming(self) -> IO[bytes]:
        return self._drafts.open()

    @contextmanager
    def brought(self, incoming: Path) -> Iterator[None]:
        """The bytes travel before the transaction that keeps them, not in it."""
        draft = self._draft(incoming)
        try:
            with _answering():
                obstore.put(self._bucket, draft, incoming, chunk_size=PART, max_concurrency=2)
            yield
        finally:
            # If it cannot be removed now, it is removed as abandoned.
            with suppress(StoreAwayError):
                self._drop(draft)

    def keep(self, incoming: Path, sha256: str) -> None:
        upload = _upload(sha256)
        if not self._has(upload):
            with _answering():
                obstore.copy(self._bucket, self._draft(incoming), upload)
        incoming.unlink()

    def has_upload(self, sha256: str, fresh: bool = True) -> bool:
        return self._stands(_upload(sha256), fresh)

    @contextmanager
    def fetched(self, sha256: str) -> Iterator[Path]:
        """A copy, removed at the end. It has the bytes that its name promises."""
        with self.incoming() as file:
            path = Path(file.name)
            try:
                self._fetch(sha256, file, path)
                yield path
            finally:
                path.unlink(missing_ok=True)

    def local(self, sha256: str) -> Path | None:
        return None

    def read(self, sha256: str, start: int, end: int) -> Iterator[bytes]:
        while start < end:
            piece_end = min(start + CHUNK, end)
            with _answering():
                yield bytes(
                    obstore.get_range(self._bucket, _upload(sha256), start=start, end=piece_end)
                )
            start = piece_end

    def save(self, key: str, name: str, content: bytes) -> None:
        if not ARTEFACT_NAME.fullmatch(name):
            raise ValueError("not an artefact name")
        with _answering():
            obstore.put(self._bucket, _artefacts(key) + name, content)

    def load(self, key: str, name: str) -> bytes | None:
        if not ARTEFACT_NAME.fullmatch(name):
            return None
        try:
            with _answering():
                return bytes(obstore.get(self._bucket, _artefacts(key) + name).bytes())
        except FileNotFoundError:
            return None

    def has(self, key: str, name: str, fresh: bool = True) -> bool:
        return bool(ARTEFACT_NAME.fullmatch(name)) and self._stands(_artefacts(key) + name, fresh)

    def drop_upload(self, sha256: str) -> None:
        self._drop(_upload(sha256))

    def drop_artefacts(self, key: str) -> None:
        with _answering():
            for entries in obstore.list(self._bucket, _artefacts(key)):
                for entry in entries:
                    self._drop(entry["path"])

    def _fetch(self, sha256: str, file: IO[bytes], path: Path) -> None:
        """As `fetched`; what is not there, or is not what it should be, leaves no file."""
        digest, size = hashlib.sha256(), 0
        try:
            with _answering():
                for piece in obstore.get(self._bucket, _upload(sha256)).stream(CHUNK):
                    size += len(piece)
                    if size > self._max_bytes:
                        break
                    digest.update(piece)
                    file.write(piece)
        except FileNotFoundError:
            pass
        file.flush()
        if digest.hexdigest() != sha256:
            path.unlink()

    def _stands(self, path: str, fresh: bool) -> bool:
        """Whether an object is there. Those who ask for a status would ask it all the time."""
        now = time.monotonic()
        if not fresh and now - self._seen.get(path, -SEEN_SECONDS) < SEEN_SECONDS:
            return True
        stands = self._has(path)
        if stands:
            if len(self._seen) >= MOST_SEEN:
                self._seen.clear()
            self._seen[path] = now
        else:
            self._seen.pop(path, None)
        return stands

    def _has(self, path: str) -> bool:
        try:
            with _answering():
                obstore.head(self._bucket, path)
        except FileNotFoundError:
            return False
        return True

    def _drop(self, path: str) -> None:
        """Again is fine."""
        self._seen.pop(path, None)
        with suppress(FileNotFoundError), _answering():
            obstore.delete(self._bucket, path)

    def _draft(self, incoming: Path) -> str:
        return f"incoming/{self._process}-{incoming.name}"

    def _remove_abandoned(self) -> None:
        before = datetime.now(UTC) - ABANDONED
        with _answering():
            for entries in obstore.list(self._bucket, "incoming/"):
                for entry in entries:
                    if entry["last_modified"] < before:
                        self._drop(entry["path"])


@contextmanager
def _answering() -> Iterator[None]:
    """Errors of the library as those of files.

    Raises:
        FileNotFoundError: There is no such object.
        StoreAwayError: Anything else that is of the bucket.
    """
    try:
        yield
    except FileNotFoundError as error:
        # A bucket that is not there would make every object one that is gone.
        if "NoSuchBucket" in str(error):
            raise StoreAwayError("there is no such bucket") from error
        raise FileNotFoundError("it is not in the bucket") from error
    except BaseError as error:
        raise StoreAwayError(f"the bucket does not answer: {type(error).__name__}") from error


def _upload(sha256: str) -> str:
    return f"uploads/{sha256[:2]}/{sha256}"


def _artefacts(key: str) -> str:
    return f"artefacts/{key[:2]}/{key}/"
