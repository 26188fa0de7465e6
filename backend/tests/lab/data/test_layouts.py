"""Folders as data sets really name them, tiny: labels, generators, and groups that hold a split."""

import json
from pathlib import Path

import pytest

pytest.importorskip("torch")

from assay_lab.data.layouts import LAYOUTS, UnknownLayoutError, read_layout
from assay_lab.data.rows import DFDC_CROPS as CROPS


def plant(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"")


def read(folder: Path, layout: str) -> dict[str, tuple[str, str, str]]:
    """Label, generator and group (without its data set) by path."""
    name, rows = read_layout(folder)
    assert name == layout
    return {
        str(row.path.relative_to(folder)): (row.label, row.generator, row.group.split("|")[1])
        for row in rows
    }


def test_real_and_fake_with_generators_and_speakers(tmp_path):
    plant(
        tmp_path,
        "real/anna_01.jpg",
        "real/ben/1.wav",
        "fake/inswapper/anna_01.png",
        "fake/xtts/ben/7.wav",
        "fake/loose.mp4",
        "fake/notes.txt",
        "fake/.hidden.jpg",
    )
    assert read(tmp_path, "real_fake") == {
        "real/anna_01.jpg": ("real", "", "anna_01"),
        "real/ben/1.wav": ("real", "", "ben"),
        "fake/inswapper/anna_01.png": ("fake", "inswapper", "anna_01"),
        "fake/xtts/ben/7.wav": ("fake", "xtts", "ben"),
        "fake/loose.mp4": ("fake", "unknown", "loose"),
    }


def test_real_and_fake_inside_given_parts(tmp_path):
    plant(tmp_path, "train/Real/a.jpg", "test/FAKE/b.jpg")
    _, rows = read_layout(tmp_path)
    assert {(row.label, row.notes) for row in rows} == {
        ("real", "given part train"),
        ("fake", "given part test"),
    }


def test_dfdc_keeps_swaps_with_their_original_and_with_the_recipes_crops(tmp_path):
    for part, entries in {
        "dfdc_train_part_0": {
            "aagfhgtpmv.mp4": {"label": "FAKE", "split": "train", "original": "vudstovrck.mp4"},
            "vudstovrck.mp4": {"label": "REAL", "split": "train", "original": None},
        },
        "dfdc_train_part_1": {
            "abarnvbtwb.mp4": {"label": "REAL", "split": "train"},
            "absent.mp4": {"label": "REAL", "split": "train"},
        },
    }.items():
        plant(tmp_path, *(f"{part}/{name}" for name in entries if name != "absent.mp4"))
        (tmp_path / part / "metadata.json").write_text(json.dumps(entries))
    assert read(tmp_path, "dfdc") == {
        "dfdc_train_part_0/aagfhgtpmv.mp4": ("fake", "dfdc_mixed", "dfdc_original=vudstovrck"),
        "dfdc_train_part_0/vudstovrck.mp4": ("real", "", "dfdc_original=vudstovrck"),
        "dfdc_train_part_1/abarnvbtwb.mp4": ("real", "", "dfdc_original=abarnvbtwb"),
    }
    assert {row.group.split("|")[0] for row in read_layout(tmp_path)[1]} == {CROPS}


@pytest.mark.parametrize("content", ["not json", "[]", "{}", '{"a.mp4": {"frames": 3}}'])
def test_another_metadata_json_is_not_dfdc(tmp_path, content):
    plant(tmp_path, "a.mp4")
    (tmp_path / "metadata.json").write_text(content)
    with pytest.raises(UnknownLayoutError):
        read_layout(tmp_path)


def test_faceforensics_keeps_pairs_swapped_both_ways_together(tmp_path):
    made, kept = "manipulated_sequences", "original_sequences"
    plant(
        tmp_path,
        f"{kept}/youtube/c23/videos/033.mp4",
        f"{kept}/youtube/c40/videos/033.mp4",
        f"{kept}/youtube/c23/videos/097.mp4",
        f"{kept}/youtube/c23/videos/500.mp4",
        f"{kept}/actors/c23/videos/01__kitchen_pan.mp4",
        f"{made}/Deepfakes/c23/videos/033_097.mp4",
        f"{made}/NeuralTextures/raw/videos/097_033.mp4",
        f"{made}/Deepfakes/masks/videos/033_097.mp4",
        f"{made}/DeepFakeDetection/c23/videos/01_02__kitchen_pan__YVGY8LOK.mp4",
    )
    assert read(tmp_path, "faceforensics") == {
        f"{kept}/youtube/c23/videos/033.mp4": ("real", "", "033+097"),
        f"{kept}/youtube/c40/videos/033.mp4": ("real", "", "033+097"),
        f"{kept}/youtube/c23/videos/097.mp4": ("real", "", "033+097"),
        f"{kept}/youtube/c23/videos/500.mp4": ("real", "", "500"),
        f"{kept}/actors/c23/videos/01__kitchen_pan.mp4": ("real", "", "actor 01"),
        f"{made}/Deepfakes/c23/videos/033_097.mp4": ("fake", "Deepfakes", "033+097"),
        f"{made}/NeuralTextures/raw/videos/097_033.mp4": ("fake", "NeuralTextures", "033+097"),
        f"{made}/DeepFakeDetection/c23/videos/01_02__kitchen_pan__YVGY8LOK.mp4": (
            "fake",
            "DeepFakeDetection",
            "actor 01",
        ),
    }


def test_celeb_df_by_person_with_the_published_test_set(tmp_path):
    plant(
        tmp_path,
        "Celeb-real/id3_0007.mp4",
        "Celeb-synthesis/id3_id9_0007.mp4",
        "YouTube-real/00170.mp4",
    )
    listed = "1 YouTube-real/00170.mp4\n0 Celeb-synthesis/id3_id9_0007.mp4\n\n"
    (tmp_path / "List_of_testing_videos.txt").write_text(listed)
    assert read(tmp_path, "celeb_df") == {
        "Celeb-real/id3_0007.mp4": ("real", "", "id3"),
        "Celeb-synthesis/id3_id9_0007.mp4": ("fake", "celeb_df", "id3"),
        "YouTube-real/00170.mp4": ("real", "", "YouTube 00170"),
    }
    tested = {row.path.name for row in read_layout(tmp_path)[1] if row.notes == "given part test"}
    assert tested == {"00170.mp4", "id3_id9_0007.mp4"}


FAKEAVCELEB = """\
source,target1,target2,method,category,type,race,gender,path,
id00076,-,-,real,A,RealVideo-RealAudio,African,men,00109.mp4,FakeAVCeleb/RealVideo-RealAudio/African/men/id00076
id00076,id01236,-,rtvc,B,RealVideo-FakeAudio,African,men,00109_fake.mp4,FakeAVCeleb/RealVideo-FakeAudio/African/men/id00076
id00076,id00476,-,fsgan,C,FakeVideo-RealAudio,African,men,00109_9.mp4,FakeAVCeleb/FakeVideo-RealAudio/African/men/id00076
id00076,id00476,10,wav2lip,D,FakeVideo-FakeAudio,African,men,00109_10_id00476_wavtolip.mp4,FakeAVCeleb/FakeVideo-FakeAudio/African/men/id00076
id00077,-,-,real,A,RealVideo-RealAudio,African,men,gone.mp4,FakeAVCeleb/RealVideo-RealAudio/African/men/id00077
"""


def test_fakeavceleb_has_four_classes(tmp_path):
    plant(
        tmp_path,
        "RealVideo-RealAudio/African/men/id00076/00109.mp4",
        "RealVideo-FakeAudio/African/men/id00076/00109_fake.mp4",
        "FakeVideo-RealAudio/African/men/id00076/00109_9.mp4",
        "FakeVideo-FakeAudio/African/men/id00076/00109_10_id00476_wavtolip.mp4",
    )
    (tmp_path / "meta_data.csv").write_text(FAKEAVCELEB)
    name, rows = read_layout(tmp_path)
    assert name == "fakeavceleb"
    assert {(row.label, row.generator, row.notes) for row in rows} == {
        ("real", "", "picture real; audio real"),
        ("fake", "rtvc", "picture real; audio fake"),
        ("fake", "fsgan", "picture fake; audio real"),
        ("fake", "wav2lip", "picture fake; audio fake"),
    }
    assert {row.group for row in rows} == {"FakeAVCeleb|id00076"}


@pytest.mark.parametrize("top", ["", "LA/"])
def test_asvspoof_reads_its_protocols(tmp_path, top):
    protocols = f"{top}ASVspoof2019_LA_cm_protocols/ASVspoof2019.LA.cm"
    plant(
        tmp_path,
        f"{protocols}.train.trn.txt",
        f"{protocols}.eval.trl.txt",
        f"{top}ASVspoof2019_LA_train/flac/LA_T_1138215.flac",
        f"{top}ASVspoof2019_LA_train/flac/LA_T_1271820.flac",
        f"{top}ASVspoof2019_LA_eval/flac/LA_E_2834763.flac",
    )
    (tmp_path / f"{protocols}.train.trn.txt").write_text(
        "LA_0079 LA_T_1138215 - - bonafide\nLA_0079 LA_T_1271820 - A01 spoof\n"
        "LA_0080 LA_T_0000000 - - bonafide\n\n"
    )
    (tmp_path / f"{protocols}.eval.trl.txt").write_text("LA_0039 LA_E_2834763 - A11 spoof\n")
    assert read(tmp_path, "asvspoof2019") == {
        f"{top}ASVspoof2019_LA_train/flac/LA_T_1138215.flac": ("real", "", "LA_0079"),
        f"{top}ASVspoof2019_LA_train/flac/LA_T_1271820.flac": ("fake", "A01", "LA_0079"),
        f"{top}ASVspoof2019_LA_eval/flac/LA_E_2834763.flac": ("fake", "A11", "LA_0039"),
    }
    assert {row.notes for row in read_layout(tmp_path)[1]} == {
        "given part train",
        "given part eval",
    }


def test_a_folder_that_nothing_fits_is_answered_with_what_would(tmp_path):
    plant(tmp_path, "holiday/beach.jpg")
    with pytest.raises(UnknownLayoutError) as error:
        read_layout(tmp_path)
    assert all(layout.NAME in str(error.value) for layout in LAYOUTS)
    assert "real and fake" in str(error.value)


def test_a_layout_without_media_is_told_so(tmp_path):
    plant(tmp_path, "real/readme.txt")
    with pytest.raises(UnknownLayoutError, match="none of its media"):
        read_layout(tmp_path)
