# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 3 · The branches
#
# What each detector sees, on one forged sample beside the real one it was made from. These are
# illustrations: single examples prove nothing. The numbers are in the model cards.

# %%
import tempfile
from pathlib import Path

import cv2
import matplotlib.pyplot as plt
import numpy as np

import shown
from assay.branches.audio.branch import FRONT_END, trim
from assay.branches.gate.branch import pooled
from assay.branches.scores import calibrated
from assay.media.faces.detector import FaceDetector
from assay_lab.augment.video import VideoCorruption
from assay_lab.data.clip import read_clip
from assay_lab.data.speech import fold_of, read_sound
from assay_lab.data.split import split_of
from assay_lab.face_pairs.held_out import STYLEGAN
from assay_lab.forge.sound import Shift
from assay_lab.forge.speech.make import SIGNAL_METHODS
from assay_lab.forge.swap import Swap
from assay_lab.forge.texture import TextureLoss

models = shown.models()
face = shown.portrait()
generated = [row for row in shown.small_set("image") if row.source == STYLEGAN]
nobody = shown.average_face(shown.some(generated, 60))
swapped = Swap.draw(np.random.default_rng(5)).apply(face, nobody).fake
painted = TextureLoss(reach=10, bands=3).paint(face.picture)
pictures = {"real": face.picture, "swapped": swapped, "painted anew": painted}

# %% [markdown]
# ## The gate and the visual branch
# The gate gives every patch of 12 untouched pixels a score; the visual branch looks at the whole
# face and paints where it believes it altered. Scores are calibrated P(fake).


# %%
def gate(picture):
    """P(fake) of the patches, and of the face."""
    settings = models.parameters("tiny_ladeda")
    (patches,) = models.session("tiny_ladeda").run(None, {"picture": picture[None]})
    logit = np.array([pooled(patches[0], settings["top"])], np.float32)
    return calibrated(patches[0], settings), float(calibrated(logit, settings)[0])


def visual(picture):
    """The localisation, and P(fake) of the face."""
    logit, _, localisation = models.session("visual_resnet18").run(None, {"faces": picture[None]})
    return localisation[0], float(calibrated(logit, models.parameters("visual_resnet18"))[0])


figure, axes = plt.subplots(3, 3, figsize=(7.5, 7.5))
for column, (name, picture) in zip(axes.T, pictures.items(), strict=True):
    patches, gate_score = gate(picture)
    localisation, visual_score = visual(picture)
    column[0].imshow(picture)
    column[0].set_title(name)
    column[1].imshow(patches, vmin=0, vmax=1)
    column[1].set_title(f"gate {gate_score:.2f}")
    column[2].imshow(picture)
    heat = cv2.resize(localisation, picture.shape[1::-1], interpolation=cv2.INTER_CUBIC)
    column[2].imshow(heat, vmin=0, vmax=1, alpha=0.6)
    column[2].set_title(f"visual {visual_score:.2f}")
for axis in axes.flat:
    axis.axis("off")
plt.show()

# %% [markdown]
# ## The audio branch
# Constant-Q cepstra of a real recording, of a site that the network never heard, and of the same
# words through three vocoders. Above, what is heard; below, the static coefficients that it reads.


# %%
def listen(wave):
    """Cepstra of the voice and P(fake)."""
    cepstra = FRONT_END(wave[slice(*trim(wave))])
    (logit,) = models.session("audio_cqcc_cnn").run(["logit"], {"cqcc": cepstra[None]})
    return cepstra[0], float(calibrated(logit, models.parameters("audio_cqcc_cnn"))[0])


held_out = [row for row in shown.small_set("speech") if not row.fake and fold_of(row) == 0]
recording = shown.some(held_out, 1)[0]
wave = read_sound(recording.path)[:48_000]
voices = {"as recorded": wave}
for method in SIGNAL_METHODS[:3]:
    voices[method.vocoder], _ = method.forge(wave, np.random.default_rng(1))
figure, axes = plt.subplots(2, len(voices), figsize=(12, 4.4), sharex="row")
for (above, below), (name, voice) in zip(axes.T, voices.items(), strict=True):
    cepstra, score = listen(voice)
    shown.spectrogram(above, voice, f"{name}: {score:.2f}")
    below.imshow(cepstra[:48], aspect="auto", origin="lower", vmin=-2, vmax=2, cmap="PuOr")
    below.set_xticks([])
plt.show()

# %% [markdown]
# ## Time, lips and sound
# A real talking clip that no branch learned from, and what becomes of it when its sound comes 0.4 s
# late. The service itself judges both. Left: the visual score of each sampled face; middle: the
# voice; right: how well lips and voice agree at every shift of the sound. (The clip itself is not
# shown.)


# %%
def candidates():
    """Real clips with sound that were held out of training."""
    talking = [r for r in shown.small_set("video") if not r.fake and "audio yes" in r.notes]
    return [row for row in shown.some(talking, len(talking)) if split_of(row.group) != "train"]


def tampered(clip, folder):
    """The clip as recorded and with late sound, through one encoder."""
    real, late = Shift(0.4).apply(clip)
    files = {"as recorded": folder / "real.mp4", "0.4 s late": folder / "late.mp4"}
    for file, one in zip(files.values(), (real, late), strict=True):
        VideoCorruption().write(file, one.frames, one.rate, one.sound)
    return files


detector = FaceDetector(models.session("blazeface"))
findings = {}
with tempfile.TemporaryDirectory() as folder:
    for row in candidates():
        clip = read_clip(row.path, row.group, detector)
        if clip is None or clip.sound is None:
            continue
        found = {n: shown.judge(f)[1] for n, f in tampered(clip, Path(folder)).items()}
        if all(one["av_sync"].evidence.offset_curve for one in found.values()):
            findings = found
            break

figure, (left, middle, right) = plt.subplots(1, 3, figsize=(12, 3))
for (name, found), colour in zip(findings.items(), (shown.REAL, shown.FAKE), strict=False):
    seen = found["visual"]
    times = [crop.time for crop in seen.crops]
    left.plot(times, seen.scores, "o-", color=colour, label=name)
    for window in found["audio"].evidence.windows:
        middle.plot([window.start, window.end], [window.score] * 2, color=colour, linewidth=4)
    curve = found["av_sync"].evidence.offset_curve
    right.plot(curve.offsets, -np.array(curve.distances), color=colour)
    right.axvline(curve.best_offset, color=colour, linestyle=":")
left.set(ylim=(0, 1), xlabel="s", title="visual, P(fake) of each face")
middle.set(ylim=(0, 1), xlabel="s", title="voice, P(fake) of each window")
right.set(xlabel="shift of the sound, s", title="lips and voice: agreement")
left.legend(frameon=False)
plt.show()

# %%
for name, found in findings.items():
    scores = {branch: one.evidence.score for branch, one in found.items()}
    said = {branch: "n/a" if score is None else f"{score:.2f}" for branch, score in scores.items()}
    print(f"{name:12}", said)
