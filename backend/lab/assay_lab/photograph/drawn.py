"""Photographs made to look drawn, painted or carved: what the photograph check must turn away.

Each manner takes a face and chance, and gives the face in that manner, at a strength of its own.
Beside them stand the ordinary treatments of photographs that the check must let pass.
"""

from collections.abc import Callable
from typing import Final

import cv2
import numpy as np
from numpy.random import Generator

from assay.types import Image

Manner = Callable[[Image, Generator], Image]


def in_a_manner(face: Image, name: str, rng: Generator) -> Image:
    """A face in one of `MANNERS` or `TREATMENTS`, at the size it had.

    The manner works on the face at a size of its own, since strokes are coarse or fine.

    Args:
        face: (h, w, 3).
        name: Of the manner.
        rng: The chance in it.
    """
    height, width = face.shape[:2]
    manner = (MANNERS | TREATMENTS)[name]
    scale = rng.uniform(0.6, 1.4)
    size = (max(64, round(width * scale)), max(64, round(height * scale)))
    at_scale = cv2.resize(face, size, interpolation=cv2.INTER_LINEAR)
    done = manner(np.asarray(at_scale, np.uint8), rng)
    how = cv2.INTER_AREA if scale > 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(done, (width, height), interpolation=how), np.uint8)


# ------------------------------------------------------------------------ drawn, painted, carved


def _stylised(face: Image, rng: Generator) -> Image:
    done = cv2.stylization(face, sigma_s=rng.uniform(30, 120), sigma_r=rng.uniform(0.3, 0.6))
    return np.asarray(done, np.uint8)


def _smoothed(face: Image, rng: Generator) -> Image:
    """Flat areas between kept edges."""
    done = cv2.edgePreservingFilter(
        face, flags=1, sigma_s=rng.uniform(30, 80), sigma_r=rng.uniform(0.3, 0.5)
    )
    return np.asarray(done, np.uint8)


def _pencil(face: Image, rng: Generator) -> Image:
    grey, coloured = cv2.pencilSketch(
        face,
        sigma_s=rng.uniform(20, 80),
        sigma_r=rng.uniform(0.05, 0.12),
        shade_factor=rng.uniform(0.02, 0.06),
    )
    if rng.random() < 0.5:
        return np.asarray(coloured, np.uint8)
    return np.repeat(np.asarray(grey, np.uint8)[..., None], 3, axis=2)


def _sketched(face: Image, rng: Generator) -> Image:
    """Grey divided by its own blur: lines on white paper."""
    grey = cv2.cvtColor(face, cv2.COLOR_RGB2GRAY).astype(np.float32)
    around = cv2.GaussianBlur(grey, (0, 0), rng.uniform(3, 9))
    lines = np.clip(255 * grey / (around + 1), 0, 255).astype(np.uint8)
    return np.repeat(lines[..., None], 3, axis=2)


def _posterised(face: Image, rng: Generator) -> Image:
    """A few tones, after the grain is gone."""
    levels = int(rng.integers(3, 7))
    flat = cv2.medianBlur(cv2.bilateralFilter(face, 9, 60, 9), 5).astype(np.float32)
    return np.asarray(np.round(flat / 255 * levels) / levels * 255, np.uint8)


def _oil(face: Image, rng: Generator) -> Image:
    """Each pixel takes the mean colour of the commonest tone around it."""
    size, levels = 2 * int(rng.integers(2, 5)) + 1, int(rng.integers(6, 12))
    grey = cv2.cvtColor(face, cv2.COLOR_RGB2GRAY).astype(np.int32) * levels // 256
    most = np.full(grey.shape, -1.0, np.float32)
    done = np.zeros(face.shape, np.float32)
    for level in range(levels):
        here = (grey == level).astype(np.float32)
        share = cv2.boxFilter(here, -1, (size, size))
        colour = cv2.boxFilter(face * here[..., None], -1, (size, size))
        better = share > most
        most[better] = share[better]
        done[better] = (colour / np.maximum(share, 1e-6)[..., None])[better]
    return np.clip(done, 0, 255).astype(np.uint8)


def _cartoon(face: Image, rng: Generator) -> Image:
    """Flat colours with dark outlines."""
    flat = face
    for _ in range(int(rng.integers(3, 6))):
        flat = np.asarray(cv2.bilateralFilter(flat, 9, rng.uniform(30, 70), 7), np.uint8)
    grey = cv2.medianBlur(cv2.cvtColor(face, cv2.COLOR_RGB2GRAY), 5)
    block = 2 * int(rng.integers(3, 7)) + 1
    ink = cv2.adaptiveThreshold(
        grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY, block, rng.uniform(2, 6)
    )
    step = rng.uniform(1, 40)
    flat = np.asarray(np.clip(np.floor(flat / step) * step + step / 2, 0, 255), np.uint8)
    return np.asarray(cv2.bitwise_and(flat, flat, mask=ink), np.uint8)


def _watercolour(face: Image, rng: Generator) -> Image:
    """Areas of one colour with soft borders, on paper."""
    flat = cv2.pyrMeanShiftFiltering(face, rng.uniform(6, 14), rng.uniform(18, 40))
    paper = cv2.GaussianBlur(rng.normal(0, 1, face.shape[:2]).astype(np.float32), (0, 0), 1.2)
    light = rng.uniform(0.0, 0.35)
    done = flat.astype(np.float32) * (1 - light) + 255 * light + 12 * paper[..., None]
    return np.clip(done, 0, 255).astype(np.uint8)


def _canvas(face: Image, rng: Generator) -> Image:
    """Oil on a weave, and varnish."""
    oiled = _oil(face, rng).astype(np.float32)
    height, width = face.shape[:2]
    period = rng.uniform(2.5, 5)
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    weave = np.sin(2 * np.pi * x / period) + np.sin(2 * np.pi * y / period)
    tint = np.array((1.0, rng.uniform(0.9, 1.0), rng.uniform(0.7, 1.0)), np.float32)
    return np.clip(oiled * tint + rng.uniform(1, 5) * weave[..., None], 0, 255).astype(np.uint8)


def _strokes(face: Image, rng: Generator) -> Image:
    """Short strokes of a brush along the edges of what is painted, the large ones first."""
    grey = cv2.GaussianBlur(cv2.cvtColor(face, cv2.COLOR_RGB2GRAY), (0, 0), 3)
    along = np.arctan2(cv2.Sobel(grey, cv2.CV_32F, 0, 1), cv2.Sobel(grey, cv2.CV_32F, 1, 0))
    height, width = grey.shape
    done = np.asarray(cv2.GaussianBlur(face, (0, 0), 9), np.uint8).copy()
    finest = rng.uniform(1.0, 2.2)
    for thick in (4 * finest, 2 * finest, finest):
        for _ in range(round(1.2 * height * width / (6 * thick * thick))):
            y, x = int(rng.integers(height)), int(rng.integers(width))
            turn = float(along[y, x]) + np.pi / 2 + rng.normal(0, 0.2)
            dx, dy = 2.5 * thick * np.cos(turn), 2.5 * thick * np.sin(turn)
            colour = np.clip(face[y, x] + rng.normal(0, 8, 3), 0, 255).tolist()
            ends = (round(x - dx), round(y - dy)), (round(x + dx), round(y + dy))
            cv2.line(done, *ends, colour, max(1, round(thick)), cv2.LINE_AA)
    return done


def _statue(face: Image, rng: Generator) -> Image:
    """Stone: no colour of skin or eyes, shading, a rough or a polished surface."""
    grey = cv2.cvtColor(face, cv2.COLOR_RGB2GRAY).astype(np.float32)
    shade = cv2.bilateralFilter(grey, 9, 50, 7)
    relief = cv2.GaussianBlur(shade, (0, 0), 1.5)
    slope = cv2.Sobel(relief, cv2.CV_32F, 1, 0) + cv2.Sobel(relief, cv2.CV_32F, 0, 1)
    flat = 128 + rng.uniform(0.3, 0.6) * (shade - shade.mean())
    rough = cv2.GaussianBlur(np.asarray(rng.normal(0, 1, grey.shape), np.float32), (0, 0), 0.8)
    stone = flat + rng.uniform(0.3, 0.9) * slope + rng.uniform(2, 14) * rough
    tint = np.array(((1, 1, 1), (1, 0.95, 0.85), (0.8, 0.62, 0.4), (0.85, 0.9, 0.9)), np.float32)
    return np.clip(stone[..., None] * tint[rng.integers(4)], 0, 255).astype(np.uint8)


def _mask(face: Image, rng: Generator) -> Image:
    """Smooth plastic of one colour, with painted eyes and lips and a sheen."""
    lab = cv2.cvtColor(face, cv2.COLOR_RGB2LAB).astype(np.float32)
    smooth = cv2.bilateralFilter(lab[..., 0], 15, 90, 15)
    smooth = cv2.GaussianBlur(smooth, (0, 0), rng.uniform(1.5, 4))
    tones = 128 + rng.uniform(0.5, 0.9) * (smooth - smooth.mean())
    ink = np.clip((smooth - lab[..., 0] - rng.uniform(6, 14)) / 20, 0, 1)
    sheen = 90 * np.clip((smooth - np.percentile(smooth, 92)) / 20, 0, 1)
    colour = rng.uniform(0.55, 1.25, 3).astype(np.float32)
    done = tones[..., None] * colour * (1 - ink[..., None]) + sheen[..., None]
    return np.clip(done, 0, 255).astype(np.uint8)


def _halftone(face: Image, rng: Generator) -> Image:
    """Dots of print, as on a sign or in a comic."""
    period = rng.uniform(4, 8)
    height, width = face.shape[:2]
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    turn = rng.uniform(0, np.pi / 2)
    u, v = x * np.cos(turn) - y * np.sin(turn), x * np.sin(turn) + y * np.cos(turn)
    screen = 0.5 + 0.25 * (np.sin(2 * np.pi * u / period) + np.sin(2 * np.pi * v / period))
    tone = cv2.GaussianBlur(face, (0, 0), period / 4).astype(np.float32) / 255
    if rng.random() < 0.5:
        tone = np.repeat(tone.mean(axis=2, keepdims=True), 3, axis=2)
    printed = 1 / (1 + np.exp(-rng.uniform(8, 25) * (tone - screen[..., None])))
    paper = rng.uniform(0.8, 1.0, 3).astype(np.float32)
    return np.clip(255 * printed * paper, 0, 255).astype(np.uint8)


def _sign(face: Image, rng: Generator) -> Image:
    """Two or three flat colours, as a stencil, a stamp or a campaign poster has."""
    grey = cv2.GaussianBlur(cv2.cvtColor(face, cv2.COLOR_RGB2GRAY), (0, 0), rng.uniform(1, 3))
    steps = np.percentile(grey, sorted(rng.uniform(15, 85, int(rng.integers(1, 4)))))
    colours = rng.uniform(0, 255, (len(steps) + 1, 3))
    colours = colours[np.argsort(colours.mean(axis=1))]
    return np.asarray(colours[np.digitize(grey, steps)], np.uint8)


MANNERS: Final[dict[str, Manner]] = {
    "stylised": _stylised,
    "smoothed": _smoothed,
    "pencil": _pencil,
    "sketched": _sketched,
    "posterised": _posterised,
    "oil": _oil,
    "cartoon": _cartoon,
    "watercolour": _watercolour,
    "canvas": _canvas,
    "strokes": _strokes,
    "statue": _statue,
    "mask": _mask,
    "halftone": _halftone,
    "sign": _sign,
}
"""By name. None of their products is a photograph of a person any more."""


# ------------------------------------------------------------------- what photographs go through


def _grey(face: Image, rng: Generator) -> Image:
    """Black and white, or toned like an old print."""
    grey = cv2.cvtColor(face, cv2.COLOR_RGB2GRAY).astype(np.float32)
    toned = 255 * (grey / 255) ** rng.uniform(0.7, 1.4)
    tint = np.array((1.0, rng.uniform(0.85, 1.0), rng.uniform(0.65, 1.0)), np.float32)
    return np.clip(toned[..., None] * tint, 0, 255).astype(np.uint8)


def _hdr(face: Image, rng: Generator) -> Image:
    """Strong local contrast and colour."""
    lab = cv2.cvtColor(face, cv2.COLOR_RGB2LAB)
    clahe = cv2.createCLAHE(rng.uniform(1.5, 3.5), (4, 4))
    lab[..., 0] = clahe.apply(lab[..., 0])
    vivid = (lab[..., 1:].astype(np.float32) - 128) * rng.uniform(1.0, 1.5) + 128
    lab[..., 1:] = np.clip(vivid, 0, 255).astype(np.uint8)
    return np.asarray(cv2.cvtColor(lab, cv2.COLOR_LAB2RGB), np.uint8)


def _beauty(face: Image, rng: Generator) -> Image:
    """Skin smoothed as phones do it, a part of the texture left."""
    smooth = cv2.bilateralFilter(face, 9, rng.uniform(20, 40), 7).astype(np.float32)
    left = rng.uniform(0.2, 0.5)
    done = (1 - left) * smooth + left * face
    return np.clip(done * rng.uniform(1.0, 1.1), 0, 255).astype(np.uint8)


def _dark(face: Image, rng: Generator) -> Image:
    """Little light, much noise, and the smoothing of a phone on top."""
    dim = 255 * (face.astype(np.float32) / 255) ** rng.uniform(1.3, 2.2) * rng.uniform(0.4, 0.9)
    noisy = np.clip(dim + rng.normal(0, rng.uniform(2, 10), face.shape), 0, 255).astype(np.uint8)
    if rng.random() < 0.5:
        noisy = np.asarray(cv2.bilateralFilter(noisy, 5, 25, 3), np.uint8)
    return noisy


def _small(face: Image, rng: Generator) -> Image:
    """As from few pixels."""
    side = int(rng.integers(40, 100))
    little = cv2.resize(face, (side, side), interpolation=cv2.INTER_AREA)
    done = cv2.resize(little, face.shape[1::-1], interpolation=cv2.INTER_LINEAR)
    return _jpeg(np.asarray(done, np.uint8), rng)


def _jpeg(face: Image, rng: Generator) -> Image:
    quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(20, 70))]
    _, content = cv2.imencode(".jpg", face, quality)
    return np.asarray(cv2.imdecode(content, cv2.IMREAD_COLOR), np.uint8)


def _tinted(face: Image, rng: Generator) -> Image:
    """Coloured light, and another exposure."""
    light = rng.uniform(0.65, 1.3, 3).astype(np.float32)
    return np.clip(face * light, 0, 255).astype(np.uint8)


def _soft(face: Image, rng: Generator) -> Image:
    """Out of focus."""
    return np.asarray(cv2.GaussianBlur(face, (0, 0), rng.uniform(0.8, 2.5)), np.uint8)


def _sharpened(face: Image, rng: Generator) -> Image:
    around = cv2.GaussianBlur(face, (0, 0), rng.uniform(1, 2.5)).astype(np.float32)
    return np.clip(face + rng.uniform(0.6, 1.8) * (face - around), 0, 255).astype(np.uint8)


TREATMENTS: Final[dict[str, Manner]] = {
    "black and white": _grey,
    "HDR": _hdr,
    "beauty filter": _beauty,
    "low light": _dark,
    "few pixels": _small,
    "JPEG": _jpeg,
    "coloured light": _tinted,
    "out of focus": _soft,
    "sharpened": _sharpened,
}
"""By name. A photograph stays one."""
