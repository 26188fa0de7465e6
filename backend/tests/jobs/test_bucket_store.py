"""The media store on an S3-compatible server."""

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from assay.jobs import bucket_store
from assay.jobs.bucket_store import BucketStore
from assay.jobs.media_store import StoreAwayError
from tests.jobs.s3 import Bucket, bucket

KEY = "ab" * 32
CONTENT = bytes(range(256)) * 1000
SHA = hashlib.sha256(CONTENT).hexdigest()
LIMIT = 1024 * 1024


@pytest.fixture(scope="module")
def server() -> Iterator[Bucket]:
    with bucket() as server:
        yield server


@pytest.fixture
def url(request: pytest.FixtureRequest) -> str:
    """A prefix of its own for each test."""
    return f"s3://media/{request.node.name[:40].strip('_')}"


@pytest.fixture
def store(server: Bucket, url: str, tmp_path: Path) -> BucketStore:
    return BucketStore(url, tmp_path, LIMIT)


def keep(store: BucketStore, content: bytes = CONTENT) -> str:
    digest = hashlib.sha256(content).hexdigest()
    with store.incoming() as file:
        file.write(content)
        file.flush()
        path = Path(file.name)
        with store.brought(path):
            store.keep(path, digest)
        assert not path.exists()
    return digest


def names(server: Bucket, url: str) -> list[str]:
    prefix = url.removeprefix("s3://media/") + "/"
    return [key.removeprefix(prefix) for key in server.names() if key.startswith(prefix)]


def test_an_upload_is_found_under_its_hash(
    server: Bucket, url: str, store: BucketStore, tmp_path: Path
) -> None:
    assert not store.has_upload(SHA)
    assert keep(store) == SHA
    assert keep(store) == SHA, "again is fine"
    assert names(server, url) == [f"uploads/{SHA[:2]}/{SHA}"]
    with store.fetched(SHA) as path:
        assert path.read_bytes() == CONTENT
    assert not list((tmp_path / "incoming").iterdir())
    assert b"".join(store.read(SHA, 300, 5000)) == CONTENT[300:5000]
    other = BucketStore(url, tmp_path / "elsewhere", LIMIT)
    assert other.has_upload(SHA)
    store.drop_upload(SHA)
    store.drop_upload(SHA)
    assert not store.has_upload(SHA, fresh=False)
    assert other.has_upload(SHA, fresh=False), "it was there a moment ago"
    assert not other.has_upload(SHA)


def test_an_upload_in_several_parts_arrives_whole(
    store: BucketStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bucket_store, "PART", 5 * LIMIT)
    store._max_bytes = 20 * LIMIT
    content = CONTENT * 50
    digest = keep(store, content)
    with store.fetched(digest) as path:
        assert path.read_bytes() == content


def test_what_is_brought_and_not_kept_leaves_nothing(
    server: Bucket, url: str, store: BucketStore
) -> None:
    with store.incoming() as file, pytest.raises(ValueError, match="refused"):
        file.write(CONTENT)
        file.flush()
        with store.brought(Path(file.name)):
            assert len(names(server, url)) == 1
            raise ValueError("refused")
    assert names(server, url) == []


@pytest.mark.parametrize("content", [b"something else", CONTENT * 8])
def test_bytes_that_their_name_does_not_promise_are_not_handed_out(
    server: Bucket, url: str, store: BucketStore, content: bytes
) -> None:
    prefix = url.removeprefix("s3://media/")
    name = SHA if len(content) < LIMIT else hashlib.sha256(content).hexdigest()
    server.put(f"{prefix}/uploads/{name[:2]}/{name}", content)
    with store.fetched(name) as path:
        assert not path.exists()


def test_what_is_not_there_is_a_path_that_does_not_exist(store: BucketStore) -> None:
    with store.fetched("00" * 32) as path:
        assert not path.exists()


def test_artefacts_share_a_key_and_go_together(
    server: Bucket, url: str, store: BucketStore
) -> None:
    store.save(KEY, "a.jpg", b"1")
    store.save(KEY, "a.jpg", b"2")
    store.save(KEY, "b.json", b"3")
    assert (store.load(KEY, "a.jpg"), store.load(KEY, "c.jpg")) == (b"2", None)
    assert (store.has(KEY, "b.json"), store.has(KEY, "c.jpg")) == (True, False)
    assert (store.load(KEY, "../a.jpg"), store.has(KEY, "../a.jpg")) == (None, False)
    with pytest.raises(ValueError, match="artefact"):
        store.save(KEY, "../../uploads/x.jpg", b"1")
    store.drop_artefacts(KEY)
    store.drop_artefacts(KEY)
    assert store.load(KEY, "b.json") is None
    assert names(server, url) == []


def test_what_a_killed_process_brought_is_removed_a_day_later(
    server: Bucket, url: str, store: BucketStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.put(f"{url.removeprefix('s3://media/')}/incoming/left", b"1")
    BucketStore(url, tmp_path, LIMIT)
    assert names(server, url) == ["incoming/left"]
    monkeypatch.setattr(bucket_store, "ABANDONED", timedelta(seconds=-5))
    BucketStore(url, tmp_path, LIMIT)
    assert names(server, url) == []


def test_a_bucket_that_is_not_there_is_no_missing_file(server: Bucket, tmp_path: Path) -> None:
    store = BucketStore("s3://nothing-here", tmp_path, LIMIT)
    with pytest.raises(StoreAwayError):
        store.load(KEY, "a.jpg")
    with pytest.raises(StoreAwayError):
        store.save(KEY, "a.jpg", b"1")
    with pytest.raises(StoreAwayError):
        store.check()


def test_a_server_that_is_away_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bucket_store, "PATIENCE", timedelta(seconds=1))
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_ALLOW_HTTP", "true")
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    store = BucketStore("s3://media", tmp_path, LIMIT)
    with pytest.raises(StoreAwayError):
        store.check()
    with pytest.raises(StoreAwayError):
        store.has_upload(SHA)
