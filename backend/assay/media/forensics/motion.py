"""How much moves, from the motion vectors that the encoder stored."""

from itertools import islice
from typing import Any, Final

import av
import numpy as np
from av.codec.context import Flags2
from av.container import InputContainer
from numpy.typing import NDArray

from assay.media.io.container import configure, packets, seek
from assay.settings import Settings
from assay.types import Doubles

PICTURES: Final = 4
"""Pictures decoded for their vectors."""
_MAX_PACKETS: Final = 40
_TYPES: Final = {1: "I", 2: "P", 3: "B"}


def read_motion(
    container: InputContainer, stream: av.VideoStream, start: float, settings: Settings
) -> tuple[float | None, dict[str, int]]:
    """Decode a few pictures for vectors and types.

    Args:
        container: Opened; the stream's decoder has not run yet, for it must be told beforehand.
        stream: The picture stream.
        start: Where to look, seconds from the beginning.

    Returns:
        Median length of the vectors as a fraction of the picture's diagonal, None where the codec
        exports none; and counts of picture types, by I, P and B.
    """
    configure(stream, settings)
    context = stream.codec_context
    context.flags2 |= int(Flags2.export_mvs)
    lengths, types, seen = [], dict[str, int](), 0
    if not seek(container, start):
        return None, {}
    for packet in islice(packets(container, stream), _MAX_PACKETS):
        try:
            pictures = packet.decode()
        except av.FFmpegError:
            continue
        for picture in pictures:
            seen += 1
            kind = _TYPES.get(int(picture.pict_type))
            if kind is not None:
                types[kind] = types.get(kind, 0) + 1
            vectors = picture.side_data.get("MOTION_VECTORS")
            if vectors is not None and len(vectors):
                lengths.append(_lengths(vectors.to_ndarray(), picture.width, picture.height))
        if seen >= PICTURES:
            break
    return (float(np.median(np.concatenate(lengths))) if lengths else None), types


def _lengths(vectors: NDArray[Any], width: int, height: int) -> Doubles:
    scale = np.maximum(vectors["motion_scale"].astype(np.float64), 1.0)
    moved = np.hypot(vectors["motion_x"] / scale, vectors["motion_y"] / scale)
    lengths: Doubles = moved / np.hypot(width, height)
    return lengths
