"""Lines that survive a kill."""

from pathlib import Path

from assay_lab.core import json_lines


def test_lines_come_back_in_order(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    assert list(json_lines.read(file)) == []
    for number in range(3):
        json_lines.append(file, {"number": number, "text": "é\n"})
    assert [line["number"] for line in json_lines.read(file)] == [0, 1, 2]


def test_half_a_line_is_neither_read_nor_kept(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    json_lines.append(file, {"number": 0})
    whole = file.read_bytes()
    file.write_bytes(whole + b'{"numb')
    assert [line["number"] for line in json_lines.read(file)] == [0]
    json_lines.append(file, {"number": 1})
    assert [line["number"] for line in json_lines.read(file)] == [0, 1]
    assert file.read_bytes().startswith(whole)


def test_a_file_of_half_a_line_begins_anew(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_bytes(b'{"numb')
    json_lines.append(file, {"number": 0})
    assert [line["number"] for line in json_lines.read(file)] == [0]
