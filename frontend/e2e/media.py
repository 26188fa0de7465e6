"""Media for the page's tests, from the same factory as the backend's: `media.py FOLDER`."""

import sys
from pathlib import Path

from tests.media_factory import VOICE_RATE, speak, still, write_sound, write_video
from tests.signed_media import created, signed

SECONDS = 4

COPIES = 3
"""Films of other content than the first, so that no earlier answer serves them."""


def free_box(number: int) -> bytes:
    """A box that players skip."""
    return b"\x00\x00\x00\x0cfree" + number.to_bytes(4, "big")


def main(folder: Path) -> None:
    """Write a file for every kind of view, and one that is no media."""
    folder.mkdir(parents=True, exist_ok=True)
    sound = speak()[: SECONDS * VOICE_RATE]
    write_video(folder / "talking.mp4", seconds=SECONDS, size=(640, 480), sound=sound)
    write_sound(folder / "voice.wav", sound)
    (folder / "portrait.jpg").write_bytes(still("JPEG", size=(640, 480)))
    (folder / "cleared.jpg").write_bytes(still("JPEG", size=(600, 450)))
    marked = still("JPEG", size=(620, 460))
    manifest = created("trainedAlgorithmicMedia", softwareAgent="Example Image Generator")
    (folder / "signed.jpg").write_bytes(signed(marked, "image/jpeg", manifest))
    film = (folder / "talking.mp4").read_bytes()
    # The contents stand at the end: without it the file is a film by its first bytes only.
    (folder / "broken.mp4").write_bytes(film[:4096])
    for number in range(COPIES):
        (folder / f"talking-{number}.mp4").write_bytes(film + free_box(number))
    (folder / "letter.mp4").write_text("This is a letter, not a film.\n" * 20)
    (folder / "empty.mp4").write_bytes(b"")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
