"""The bank of crops: what is written is read, and what was interrupted is completed."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from assay.types import Image
from assay_lab.data.rows import Label, Modality, Row
from assay_lab.visual.bank import (
    LINES,
    PICTURES,
    SHAPE,
    BankFace,
    BankWriter,
    FaceBank,
    fill,
    line_of,
)
from tests.lab.visual.faces import face


def test_crops_come_back_with_what_is_known_of_them(tmp_path: Path) -> None:
    writer = BankWriter(tmp_path)
    lines = [face(0), face(1, fake=True), replace(face(2), keypoints="1.0 2.0 " * 6)]
    for number, line in enumerate(lines):
        writer.add(line, np.full(SHAPE, number, np.uint8))
    writer.flush()

    bank = FaceBank(tmp_path)

    assert len(bank) == 3
    assert bank.faces[:2] == lines[:2]
    assert [bank.picture(number).mean() for number in range(3)] == [0, 1, 2]
    assert bank.face(2).keypoints.shape == (6, 2)
    assert bank.face(2).group == lines[2].group


def test_a_picture_without_its_line_is_written_anew(tmp_path: Path) -> None:
    writer = BankWriter(tmp_path)
    writer.add(face(0), np.zeros(SHAPE, np.uint8))
    writer.flush()
    with (tmp_path / PICTURES).open("ab") as file:
        file.write(b"interrupted")

    again = BankWriter(tmp_path)
    assert again.known == {face(0).file}
    again.add(face(1), np.ones(SHAPE, np.uint8))
    again.flush()

    bank = FaceBank(tmp_path)
    assert [bank.picture(number).mean() for number in range(2)] == [0, 1]
    assert (tmp_path / LINES).read_text().count("modality") == 1


def test_makers_are_sites_and_generators() -> None:
    assert face(0).maker != face(0, fake=True).maker


def row(number: int, label: Label = "real", modality: Modality = "image") -> Row:
    return Row(Path(f"{modality}{number}.png"), modality, label, "", f"site|{number}", "site")


def crops_of(row: Row) -> list[tuple[BankFace, Image]]:
    return [(line_of(row), np.full(SHAPE, number, np.uint8)) for number in range(2)]


def test_a_bank_is_filled_up_to_the_limit_of_each_key_and_goes_on(tmp_path: Path) -> None:
    rows = [row(number) for number in range(9)] + [row(number, "fake") for number in range(2)]
    rows += [row(1, modality="speech"), row(20)]

    def key(row: Row) -> tuple[str, ...] | None:
        return None if row.path.stem == "image20" else (row.label,)

    fill(tmp_path, rows, 3, key, crops_of)
    first = FaceBank(tmp_path)
    assert len(first) == 2 * (3 + 2)
    assert sum(face.fake for face in first.faces) == 2 * 2
    assert "image20" not in {face.file for face in first.faces}

    fill(tmp_path, reversed(rows), 4, key, crops_of)
    second = FaceBank(tmp_path)
    assert second.faces[: len(first)] == first.faces
    assert len(second) == len(first) + 2
