"""What the media room does, as stages of the pipeline. Declares them and imports no decoder."""

from typing import Final

from assay.evidence import StageInfo

FACE_DETECTOR: Final = "blazeface"
PHOTOGRAPH: Final = "photograph"
VAD: Final = "vad"
"""Folders under models/."""

EXTRACTION: Final = (
    StageInfo(
        name="ingest", title="Ingest", description="Opens the file and measures what is in it"
    ),
    StageInfo(
        name="hints",
        title="Hints",
        description="Reads the compressed stream for traces of editing, without decoding it",
        needs=("ingest",),
    ),
    StageInfo(
        name="faces",
        title="Faces and speech",
        description="Finds and follows faces, cuts them out untouched, and extracts the sound",
        needs=("hints",),
        models=(FACE_DETECTOR, PHOTOGRAPH, VAD),
    ),
)
"""From bytes to material, one after another."""
