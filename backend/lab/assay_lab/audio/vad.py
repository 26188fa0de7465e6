"""Release the detector of voices: Silero VAD as it is, measured on our speech and on music.

    pip download --no-deps silero-vad
    python -m assay_lab release-vad --wheel silero_vad-*.whl --stores STORES --models models

The network is public (MIT) and not trained further; what the wheel holds is what is served.
"""

import json
import zipfile
from pathlib import Path
from typing import Annotated, Any, Final

import numpy as np
import typer

from assay.branches.audio.windows import SHORTEST_SECONDS
from assay.media.io.vad import RATE, speech_spans
from assay.models.sessions import open_session
from assay.types import Waveform
from assay_lab.augment.music import Music
from assay_lab.core.export import release
from assay_lab.data.speech import Store
from assay_lab.data.split import bucket

NAME: Final = "vad"
FILE: Final = "model.onnx"
MEMBER: Final = "silero_vad/data/silero_vad_16k_sequence.onnx"
EACH: Final = 400
"""Recordings and pieces of music that are heard."""
SECONDS: Final = 6


def command(
    wheel: Annotated[Path, typer.Option(help="Wheel of the package silero-vad")],
    stores: Annotated[Path, typer.Option(help="Folder of the stores of prepare-speech")],
    models: Annotated[Path, typer.Option(help="The repository's models folder")],
) -> None:
    """Take the network out of its wheel, measure it, and put it under models/."""
    with zipfile.ZipFile(wheel) as archive:
        content = archive.read(MEMBER)
    session = open_session(content, threads=2)

    def is_speech(wave: Waveform) -> bool:
        found = speech_spans(wave, session)
        return sum(end - start for start, end in found) >= SHORTEST_SECONDS

    rng = np.random.default_rng(1)
    music = [Music.draw(rng).play(SECONDS * RATE) * 0.1 for _ in range(EACH)]
    noise = [rng.normal(0, 0.05, SECONDS * RATE).astype(np.float32) for _ in range(EACH)]
    store = Store(stores / "speech")
    long = [row for row in store.rows if row.length >= 2 * RATE]
    rows = sorted(long, key=lambda row: bucket(row.key, 2**32, salt="vad"))
    real = [store.wave(row) for row in rows if not row.fake][:EACH]
    fake = [store.wave(row) for row in rows if row.fake][:EACH]
    report: dict[str, Any] = {
        "command": "python -m assay_lab release-vad",
        "wheel": wheel.name,
        "share_judged": {
            name: {
                "sounds": len(waves),
                "share": round(float(np.mean(list(map(is_speech, waves)))), 4),
            }
            for name, waves in (
                ("real speech", real),
                ("synthetic speech", fake),
                ("music", music),
                ("noise", noise),
            )
        },
    }
    release(models, NAME, {FILE: content}, serve=FILE, metrics=report, card=card(report))
    print(json.dumps(report, indent=2))


def card(report: dict[str, Any]) -> str:
    """The model's card."""
    rows = [
        f"| {name} | {one['sounds']} | {one['share']:.1%} |"
        for name, one in report["share_judged"].items()
    ]
    return CARD.format(rows="\n".join(rows), wheel=report["wheel"], least=SHORTEST_SECONDS)


CARD: Final = """# vad

Silero VAD: P(speech) of every 32 ms of sound at 16 kHz. The audio branch judges only what it takes
for speech, so that music is not called a synthetic voice.

**Input** `input` (n, 576), `h` and `c` (1, 1, 128): frames with the last 64 samples of the one
before, and what the network remembers. **Output** P(speech) (n,), and both states after it.

## Where it comes from

The Silero Team's package `silero-vad` ({wheel}), MIT licence, as it is; not trained further.

## Numbers

Share of sounds that hold at least {least} s of speech by it, and so are judged:

| kind | sounds | judged |
|---|---|---|
{rows}

The music is our own (chords, melody, bass, drums, no song); the noise is white. Recordings last 2 s
or more and come from all sites of the recipe.

## Limits

- Singing and choirs may count as speech.
- Whispering and speech far below a loud background may be missed.

## Licence

MIT License, Copyright (c) 2020-present Silero Team. Permission is granted, free of charge, to use,
copy, modify, merge, publish, distribute, sublicense and sell copies of the Software, provided that
the above copyright notice and this permission notice are included in all copies or substantial
portions of the Software. The Software is provided "as is", without warranty of any kind.
"""
