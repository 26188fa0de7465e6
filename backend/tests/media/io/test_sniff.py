"""The sniffer knows what we read, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.media.io.sniff import HEAD_BYTES, id3_size, looks_like_media, not_media, sniff
from tests.hostile_media import CASES, original

FAMILIES = {
    "mp4": "mov",
    "mov": "mov",
    "mp4-fragmented": "mov",
    "m4a": "mov",
    "mkv": "matroska",
    "webm": "matroska",
    "avi": "avi",
    "ts": "mpegts",
    "flv": "flv",
    "mp3": "mp3",
    "mp3-cover": "mp3",
    "aac": "aac",
    "flac": "flac",
    "opus": "ogg",
    "wav": "wav",
    "jpg": "jpeg",
    "png": "png",
    "webp": "webp",
    "gif": "gif",
    "bmp": "bmp",
    "avif": "avif",
}


@pytest.mark.parametrize(("kind", "family"), FAMILIES.items())
def test_knows_what_we_read(kind: str, family: str) -> None:
    assert sniff(original(kind)[:HEAD_BYTES]) == family


@pytest.mark.parametrize("case", [c for c in CASES if "not_media" in c.expected], ids=str)
def test_refuses_the_rest(case) -> None:
    assert sniff(case.build()[:HEAD_BYTES]) is None


def ftyp(*brands: str) -> bytes:
    """The beginning of a file of a major brand and compatible ones."""
    names = [brand.encode() for brand in brands]
    body = b"ftyp" + names[0] + bytes(4) + b"".join(names[1:])
    return (len(body) + 4).to_bytes(4) + body + b"\x00\x00\x01\x57meta" + bytes(40)


@pytest.mark.parametrize(
    "brands",
    [("avif",), ("avis", "mif1"), ("mif1", "avif", "miaf"), ("msf1", "avis"), ("MA1B", "avif")],
    ids=str,
)
def test_avif_by_any_brand(brands: tuple[str, ...]) -> None:
    assert sniff(ftyp(*brands)) == "avif"


@pytest.mark.parametrize(
    "brands",
    [
        *(("heic", "mif1", "heic", "miaf"), ("heix",), ("heim",), ("heis",), ("hevc", "msf1")),
        *(("mif1", "heic"), ("mif1", "miaf"), ("msf1", "iso8"), ("MiHB", "heic")),
    ],
    ids=str,
)
def test_heif_by_any_brand(brands: tuple[str, ...]) -> None:
    assert sniff(ftyp(*brands)) == "heif"


@pytest.mark.parametrize("brands", [("qt  ",), ("isom", "iso2", "mp41"), ("mp42", "mif1")], ids=str)
def test_films_stay_films(brands: tuple[str, ...]) -> None:
    assert sniff(ftyp(*brands)) == "mov"


def test_brands_end_where_their_box_ends() -> None:
    assert sniff(ftyp("isom", "mp41") + b"heicavif") == "mov"
    assert "HEIC" not in not_media(b"heic, avif").message


@given(st.binary(max_size=600))
def test_survives_anything(head: bytes) -> None:
    looks_like_media(head)


@given(st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126), max_size=400))
def test_prose_is_not_media(text: str) -> None:
    signatures = ("ID3", "GIF8", "FLV", "RIFF", "FORM", "fLaC", "OggS", "#!AMR", "caff", "riff")
    if not text.startswith(signatures) and set(text) != {"G"}:  # G is the sync byte of MPEG-TS
        assert not looks_like_media(text.encode()) or text[4:8] == "mdat"


def test_mpeg_audio_needs_a_second_frame() -> None:
    frame_header = b"\xff\xfb\x90\x00"  # MPEG-1 layer III, 128 kbit/s, 44.1 kHz: 417 bytes
    follows = frame_header + bytes(413) + frame_header + bytes(413)
    assert sniff(follows) == "mp3"
    assert sniff(frame_header + bytes(900)) is None


def test_a_tag_is_skipped_whole() -> None:
    tag = b"ID3\x04\x00\x00\x00\x00\x01\x00" + bytes(128)
    assert id3_size(tag) == 138
    assert sniff(tag + b"fLaC" + bytes(40)) == "flac"
    assert sniff(tag + original("aac")[:2000]) == "aac"
    assert id3_size(b"ID3\x04\x00\x00\xff\xff\xff\xff") == 0  # sizes have seven bits a byte
