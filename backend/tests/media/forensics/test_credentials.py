"""Content Credentials: told as they are, offline, and no file can make their reader fail."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import c2pa
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assay.evidence import CredentialsState
from assay.media.forensics import credentials as credentials_module
from assay.media.forensics.c2pa_program import read_store
from assay.media.forensics.credentials import ABSENT, describe, read_credentials
from assay.media.forensics.hints import read_hints
from assay.media.io.reader import open_media
from assay.media.io.sniff import sniff
from assay.media.io.text import MAX_VALUE
from assay.settings import Settings
from tests.media_factory import VOICE_RATE, speak, still, wav, write_sound, write_video
from tests.signed_media import ISSUER, SIGNER, created, signed

AI = "trainedAlgorithmicMedia"
MIME_TYPES = {
    "jpeg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "gif": "image/gif",
    "avif": "image/avif",
    "mp4": "video/mp4",
    "mov": "video/quicktime",
    "m4a": "audio/mp4",
    "avi": "video/avi",
    "wav": "audio/wav",
    "mp3": "audio/mpeg",
    "flac": "audio/flac",
}
SOUND_CODECS = {"m4a": "aac", "mp3": "libmp3lame", "flac": "flac"}
STILLS = ("jpeg", "png", "webp", "gif", "avif")


def plain(kind: str, folder: Path) -> bytes:
    """A small file of a kind, without credentials."""
    path = folder / f"plain.{kind}"
    if kind in STILLS:
        return still(kind, size=(64, 48))
    if kind == "wav":
        return wav(np.zeros(VOICE_RATE // 4, np.int16))
    if kind in SOUND_CODECS:
        voice = speak()[: VOICE_RATE // 2]
        return write_sound(path, voice, codec=SOUND_CODECS[kind]).read_bytes()
    return write_video(path, seconds=0.4).read_bytes()


def read(content: bytes, folder: Path):
    path = folder / "file"
    path.write_bytes(content)
    return read_credentials(path, sniff(content[:4096]) or "")


# ------------------------------------------------------------------------------- what they say


@pytest.mark.parametrize("kind", MIME_TYPES)
def test_signed_media_of_every_format(kind: str, tmp_path) -> None:
    content = signed(plain(kind, tmp_path), MIME_TYPES[kind], created(AI))
    found = read(content, tmp_path)
    assert found.state is CredentialsState.INTACT, (found.problems, found.reason)
    assert (found.issuer, found.common_name) == (ISSUER, SIGNER)
    assert found.generator == "Assay tests 1.0"
    assert found.source_types == [AI]
    assert [action.action for action in found.actions] == ["c2pa.created"]
    assert found.ingredients == 0
    assert found.problems == []
    assert found.signed_at is None, "nobody stamped a time"


@pytest.mark.parametrize("kind", MIME_TYPES)
def test_ordinary_media_start_no_process(kind: str, tmp_path, monkeypatch) -> None:
    def started(*_: object) -> None:
        raise AssertionError("a process was started")

    monkeypatch.setattr(credentials_module, "_store", started)
    assert read(plain(kind, tmp_path), tmp_path) == ABSENT


def test_a_picture_changed_after_signing_is_invalid(tmp_path) -> None:
    content = bytearray(signed(still("jpeg"), "image/jpeg", created("digitalCapture")))
    content[-100] ^= 1
    found = read(bytes(content), tmp_path)
    assert found.state is CredentialsState.INVALID
    assert found.problems == ["assertion.dataHash.mismatch"]
    assert found.issuer == ISSUER, "what it claims is told all the same"


def test_a_video_changed_after_signing_is_invalid(tmp_path) -> None:
    content = bytearray(signed(plain("mp4", tmp_path), "video/mp4", created("digitalCapture")))
    content[content.index(b"mdat") + 50] ^= 1
    found = read(bytes(content), tmp_path)
    assert found.state is CredentialsState.INVALID
    assert found.problems == ["assertion.bmffHash.mismatch"]


def test_credentials_moved_to_another_picture_are_invalid(tmp_path) -> None:
    donor, other = still("jpeg"), still("jpeg", quality=30)
    content = signed(donor, "image/jpeg", created("digitalCapture"))
    head = content[: content.index(donor[-500:]) + 500 - len(donor) + 2]
    assert head[:3] == b"\xff\xd8\xff"
    assert read(head + other[2:], tmp_path).state is CredentialsState.INVALID


def test_the_history_of_what_it_was_made_from_counts(tmp_path) -> None:
    source = signed(still("jpeg"), "image/jpeg", created(AI))
    opened = {"claim_generator_info": [{"name": "Editor"}], "assertions": []}
    content = signed(still("jpeg", quality=60), "image/jpeg", opened, ingredient=source)
    found = read(content, tmp_path)
    assert found.state is CredentialsState.INTACT
    assert found.ingredients == 1
    assert [action.action for action in found.actions] == ["c2pa.opened"]
    assert found.source_types == [AI]


def test_they_come_with_the_hints(tmp_path) -> None:
    path = tmp_path / "still.jpg"
    path.write_bytes(signed(still("jpeg"), "image/jpeg", created(AI)))
    with open_media(path, Settings()) as media:
        hints = read_hints(media)
    assert hints.credentials is not None
    assert hints.credentials.source_types == [AI]
    assert hints.encoder is not None


# ------------------------------------------------------------------------------------- offline


class _Asked(BaseHTTPRequestHandler):
    paths: list[str] = []  # noqa: RUF012  # shared on purpose: the server makes a handler each time

    def do_GET(self) -> None:
        self.paths.append(self.path)
        self.send_error(404)

    def log_message(self, *_: object) -> None:
        pass


def test_a_manifest_kept_elsewhere_is_not_fetched(tmp_path) -> None:
    server = HTTPServer(("127.0.0.1", 0), _Asked)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    path = tmp_path / "still.jpg"
    address = f"http://127.0.0.1:{server.server_port}/store.c2pa"
    path.write_bytes(signed(still("jpeg"), "image/jpeg", created(AI), remote=address))
    try:
        store = read_store(str(path), "image/jpeg")
        assert store == {"failure": "damaged"}
        assert _Asked.paths == []
        with pytest.raises(c2pa.C2paError), path.open("rb") as file:
            c2pa.Reader("image/jpeg", file)
        assert _Asked.paths == ["/store.c2pa"], "the library would have asked"
    finally:
        server.shutdown()
        server.server_close()
    assert describe(store).state is CredentialsState.UNREADABLE


# ------------------------------------------------------------------------------------- hostile


@pytest.fixture(scope="module")
def signed_still() -> bytes:
    return signed(still("jpeg", size=(64, 48)), "image/jpeg", created(AI))


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_store_cut_short_is_never_intact(share: float, signed_still, tmp_path) -> None:
    found = read(signed_still[: round(share * len(signed_still))], tmp_path)
    assert found.state in (CredentialsState.INVALID, CredentialsState.UNREADABLE)


def test_garbage_in_place_of_a_store_is_unreadable(signed_still, tmp_path) -> None:
    at = signed_still.index(b"jumdc2pa") + 32
    found = read(signed_still[:at] + bytes(500) + signed_still[at + 500 :], tmp_path)
    assert found.state is CredentialsState.UNREADABLE
    assert found.reason


# Each example starts a process.
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(flips=st.lists(st.tuples(st.floats(0, 0.99), st.integers(1, 255)), min_size=1, max_size=9))
def test_flipped_bytes_never_raise(flips, signed_still, tmp_path) -> None:
    content = bytearray(signed_still)
    for place, flip in flips:
        content[3 + int(place * (len(content) - 3))] ^= flip
    found = read(bytes(content), tmp_path)
    assert (found.state is CredentialsState.UNREADABLE) == (found.reason is not None)


def test_a_reader_that_hangs_is_ended(signed_still, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(credentials_module, "MAX_SECONDS", 0.0)
    found = read(signed_still, tmp_path)
    assert found.state is CredentialsState.UNREADABLE
    assert found.reason == credentials_module._REASONS["gave_up"]


def test_a_reader_that_crashes_costs_nothing_else(signed_still, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("sys.executable", "/bin/false")
    assert read(signed_still, tmp_path).state is CredentialsState.UNREADABLE


def test_a_file_beyond_the_limit_is_not_hashed(signed_still, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(credentials_module, "MAX_BYTES", len(signed_still) - 1)
    assert read(signed_still, tmp_path).state is CredentialsState.UNREADABLE


def test_names_are_cut_and_cleaned(tmp_path) -> None:
    nasty = "Evil\n\u202e<script>" + "x" * 1000
    manifest = created(AI, softwareAgent=nasty)
    manifest["claim_generator_info"][0]["name"] = nasty
    found = read(signed(still("jpeg"), "image/jpeg", manifest), tmp_path)
    assert found.state is CredentialsState.INTACT
    for text in (found.generator, found.actions[0].software):
        assert text is not None
        assert text.startswith("Evil <script>x")
        assert text.isprintable()
        assert len(text) <= MAX_VALUE


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
KEYS = ("active_manifest", "manifests", "validation_results", "validation_state", "failure")


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(KEYS, json_values)))
def test_any_store_is_described(store) -> None:
    found = describe(store)
    assert found.state in (CredentialsState.UNREADABLE, CredentialsState.ABSENT)


@given(
    st.dictionaries(
        st.sampled_from(
            [
                "assertions",
                "signature_info",
                "ingredients",
                "claim_generator",
                "claim_generator_info",
            ]
        ),
        json_values,
    ),
    json_values,
)
def test_any_manifest_is_described(manifest, results) -> None:
    store = {
        "active_manifest": "a",
        "manifests": {"a": {"label": "a", **manifest}},
        "validation_results": results,
        "validation_state": "Valid",
    }
    found = describe(json.loads(json.dumps(store)))
    assert found.state is CredentialsState.INTACT
