"""ASVspoof 2019, logical access (Wang et al. 2020): protocols name the class of each recording.

    ASVspoof2019_LA_cm_protocols/ASVspoof2019.LA.cm.train.trn.txt      (dev.trl, eval.trl)
        LA_0079 LA_T_1271820 - A01 spoof        speaker, recording, unused, system, class
        LA_0079 LA_T_1138215 - - bonafide
    ASVspoof2019_LA_train/flac/LA_T_1138215.flac                        (_dev, _eval)

The group is the speaker. The published parts share no speaker, and eval's systems A07 to A19 occur
in no other part; the part is kept in the notes. Leading and trailing silence gives the classes
away in this set: `bias-report` shows it.
"""

from collections.abc import Iterator
from pathlib import Path

from assay_lab.data.rows import Row

NAME = "asvspoof2019"
MARKS = "ASVspoof2019_LA_cm_protocols and ASVspoof2019_LA_train, _dev or _eval, here or in LA"

_PROTOCOLS = {
    "train": "ASVspoof2019.LA.cm.train.trn.txt",
    "dev": "ASVspoof2019.LA.cm.dev.trl.txt",
    "eval": "ASVspoof2019.LA.cm.eval.trl.txt",
}


def fits(folder: Path) -> bool:
    """Whether the protocols are there, at the top or in LA as the archive has them."""
    return any(_protocols(folder))


def rows(folder: Path) -> list[Row]:
    """Rows of the protocols' recordings that are there."""
    return [
        row
        for part, protocol in _protocols(folder)
        for row in _read(part, protocol)
        if row.path.is_file()
    ]


def _protocols(folder: Path) -> Iterator[tuple[str, Path]]:
    for top in (folder, folder / "LA"):
        for part, name in _PROTOCOLS.items():
            file = top / "ASVspoof2019_LA_cm_protocols" / name
            if file.is_file():
                yield part, file


def _read(part: str, protocol: Path) -> Iterator[Row]:
    sounds = protocol.parent.parent / f"ASVspoof2019_LA_{part}" / "flac"
    lines = [line.split() for line in protocol.read_text().splitlines()]
    for speaker, name, _, system, kind in (fields for fields in lines if len(fields) == 5):
        fake = kind == "spoof"
        yield Row(
            path=sounds / f"{name}.flac",
            modality="speech",
            label="fake" if fake else "real",
            generator=system if fake else "",
            group=f"ASVspoof2019|{speaker}",
            source="ASVspoof2019",
            notes=f"given part {part}",
        )
