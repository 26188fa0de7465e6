"""Media for the page's tests, from the same factory as the backend's: `media.py FOLDER`."""

import sys
from pathlib import Path

from tests.media_factory import VOICE_RATE, speak, still, write_sound, write_video

SECONDS = 4


def main(folder: Path) -> None:
    """Write a file for every kind of view, and one that is no media."""
    folder.mkdir(parents=True, exist_ok=True)
    sound = speak()[: SECONDS * VOICE_RATE]
    write_video(folder / "talking.mp4", seconds=SECONDS, size=(640, 480), sound=sound)
    write_sound(folder / "voice.wav", sound)
    (folder / "portrait.jpg").write_bytes(still("JPEG", size=(640, 480)))
    (folder / "letter.mp4").write_text("This is a letter, not a film.\n" * 20)
    (folder / "empty.mp4").write_bytes(b"")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
