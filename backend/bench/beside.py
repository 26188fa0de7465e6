"""What others cost in the same run: FFmpeg's plain decoding, and an EfficientNet-B4 on 32 faces."""

import resource
import subprocess
import time
from pathlib import Path
from typing import Final, NamedTuple

import imageio_ffmpeg

from bench.stages import cpu_seconds

FACES: Final = 32
"""Faces of a clip that open pipelines usually look at."""


class Cost(NamedTuple):
    """Milliseconds."""

    wall: float
    cpu: float


def decoding(path: Path, threads: int) -> Cost:
    """FFmpeg decodes picture and sound of a file and throws them away."""
    words = ["-v", "error", "-threads", str(threads), "-i", str(path), "-f", "null", "-"]
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([imageio_ffmpeg.get_ffmpeg_exe(), *words], check=True)
    wall, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    busy = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return Cost(1000 * wall, 1000 * busy)


class EfficientNetB4:
    """The network that open pipelines use most, in PyTorch; its weights are random.

    Raises:
        ImportError: The lab is not installed.
    """

    def __init__(self, threads: int) -> None:
        # Of the lab: the other rows do without it.
        import torch

        from assay_lab.visual.effnet.net import SIDE, EfficientNetAutoAtt

        torch.set_num_threads(threads)
        self._net = EfficientNetAutoAtt("b4").eval()
        self._faces = torch.randn(FACES, 3, SIDE, SIDE)
        self._without_gradients = torch.inference_mode

    def run(self) -> Cost:
        """Judge all faces in one batch."""
        started, busy = time.perf_counter(), cpu_seconds()
        with self._without_gradients():
            self._net(self._faces)
        return Cost(1000 * (time.perf_counter() - started), 1000 * (cpu_seconds() - busy))
