"""What the notebooks share: the small set, our models, faces that may be shown, and a style.

No picture of the data sets is shown: much of them is for research only. Shown are a public-domain
portrait (NASA's, from scikit-image), averages over many people, and curves.
"""

import os
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import cv2
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib_inline.backend_inline import set_matplotlib_formats
from skimage.data import astronaut

from assay import pipeline
from assay.branches.audio.cqcc import RATE
from assay.branches.base import Finding
from assay.media.faces.crops import crop_face, face_square
from assay.media.faces.detector import FaceDetector
from assay.media.material import Material
from assay.models.sessions import ModelStore
from assay.progress import Progress
from assay.settings import Settings
from assay_lab.augment.pictures import load_rgb
from assay_lab.data import tars
from assay_lab.data.face_picture import FacePicture, frontal
from assay_lab.data.rows import Modality, Row
from assay_lab.data.split import bucket
from assay_lab.forge.warp import aligned

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("ASSAY_SHARED", ROOT.parent / "shared"))
MODELS = Settings().models_dir
REAL, FAKE, QUIET = "#0a6a7c", "#b0410e", "#8f897d"

# Pictures of pictures: as PNG they would be several times as large.
set_matplotlib_formats("jpeg", pil_kwargs={"quality": 80})
plt.rcParams.update(
    {
        "figure.dpi": 80,
        "figure.constrained_layout.use": True,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.titlesize": 10,
        "font.size": 9,
        "image.cmap": "inferno",
    }
)


@cache
def small_set(modality: Modality | None = None) -> list[Row]:
    """Rows of ../shared/data, unpacked once into the machine's folder for temporary files."""
    out = Path(tempfile.gettempdir()) / "assay-small-set"
    names = {"image": ["faces"], "speech": ["speech"], "video": ["clips"]}
    wanted = names[modality] if modality else ["faces", "speech", "clips"]
    return [row for name in wanted for row in tars.unpack(SHARED / "data" / f"{name}.tar", out)]


def some(rows: Sequence[Row], count: int) -> list[Row]:
    """So many, always the same ones."""
    return sorted(rows, key=lambda row: bucket(row.path.name, 2**32, salt="notebook"))[:count]


@cache
def models() -> ModelStore:
    """The released models."""
    return ModelStore(MODELS, threads=2)


def judge(path: Path) -> tuple[Material, dict[str, Finding]]:
    """What the service extracts from a file, and what each of its branches says."""
    progress = Progress(emit=lambda event: None, should_continue=lambda: True)
    material, _ = pipeline.extract(path, Settings(models_dir=MODELS), models(), progress)
    return material, pipeline.examine(material, models(), progress, full=True)


def read(row: Row) -> np.ndarray:
    """A still, RGB."""
    return load_rgb(row.path)


def detect(picture: np.ndarray) -> FacePicture | None:
    """The largest face of a picture, cut out as the service does, with its key points."""
    found = FaceDetector(models().session("blazeface")).search(picture)
    if not found:
        return None
    face = max(found, key=lambda one: one.size)
    crop, _ = crop_face(picture, face)
    return FacePicture.cut_out(crop, face, face_square(face, *picture.shape[:2]), "shown")


@cache
def portrait() -> FacePicture:
    """A face that may be shown: Eileen Collins, photographed by NASA, public domain."""
    face = detect(astronaut())
    assert face is not None
    return face


def average_face(rows: Sequence[Row], side: int = 160) -> FacePicture:
    """The mean of many people's faces, upright and laid over one another: nobody."""
    faces = [face for row in rows if (face := detect(read(row)))]
    laid = np.mean([aligned(face.picture, face.keypoints, side) for face in faces], axis=0)
    return FacePicture(laid.astype(np.uint8), frontal(side), "nobody")


def residual_spectrum(pictures: Sequence[np.ndarray], side: int = 160) -> np.ndarray:
    """Mean spectrum, in dB, of what a slight blur takes away: periodic traces are dots in it."""
    total = np.zeros((side, side))
    large = [picture for picture in pictures if min(picture.shape[:2]) >= side]
    for picture in large:
        grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
        top, left = ((n - side) // 2 for n in grey.shape)
        cut = grey[top : top + side, left : left + side].astype(float)
        total += np.abs(np.fft.fftshift(np.fft.fft2(cut - cv2.GaussianBlur(cut, (0, 0), 1.0)))) ** 2
    return cv2.GaussianBlur(10 * np.log10(total / len(large) + 1e-3), (0, 0), 1.5)


def gallery(
    rows: Mapping[str, Sequence[np.ndarray]], titles: Sequence[str] = (), size: float = 1.5
) -> None:
    """Pictures in a grid, a named row each."""
    wide = max(len(pictures) for pictures in rows.values())
    _, axes = plt.subplots(
        len(rows), wide, figsize=(size * wide + 1, size * len(rows) + 0.3), squeeze=False
    )
    for line, (name, pictures) in zip(axes, rows.items(), strict=True):
        for axis in line:
            axis.axis("off")
        for axis, picture in zip(line, pictures, strict=False):
            axis.imshow(picture)
        line[0].text(-0.08, 0.5, name, transform=line[0].transAxes, ha="right", va="center")
    for axis, title in zip(axes[0], titles, strict=False):
        axis.set_title(title)
    plt.show()


def spectrogram(axis: Axes, wave: np.ndarray, title: str) -> None:
    """Of 16 kHz sound, in dB."""
    axis.specgram(wave + 1e-6, NFFT=512, Fs=RATE, noverlap=352, vmin=-120, vmax=-30, cmap="magma")
    axis.set(title=title, ylim=(0, 8000), yticks=[0, 4000, 8000], yticklabels=["0", "4k", "8k"])


def bars(
    axis: Axes, found: Mapping[str, float], colour: Any = REAL, line: float | None = None
) -> None:
    """Named values, lying."""
    axis.barh(list(found), list(found.values()), color=colour, height=0.7)
    axis.invert_yaxis()
    if line is not None:
        axis.axvline(line, color=FAKE, linestyle=":")
