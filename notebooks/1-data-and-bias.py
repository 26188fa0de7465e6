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
# # 1 · Data and bias
#
# What a detector learns is in its data, wanted or not. This looks at the small set: who is in it,
# what the classes look like on average, and how far one gets **without looking at a face at all**.

# %%
from collections import Counter

import matplotlib.pyplot as plt
import numpy as np

import shown
from assay.branches.audio.branch import trim
from assay_lab.data import bias
from assay_lab.data.speech import read_sound
from assay_lab.face_pairs.held_out import DFDC, PHOTOS, STYLEGAN

# %% [markdown]
# ## Who is in it
# Sources that show only one class are where a detector learns the source instead of the forgery.

# %%
figure, axes = plt.subplots(1, 3, figsize=(13, 4))
for axis, modality in zip(axes, ("image", "speech", "video"), strict=True):
    rows = shown.small_set(modality)
    names = [name for name, _ in Counter(row.source for row in rows).most_common(9)]
    short = [name.split("/")[-1][:26] for name in names]
    for label, colour, sign in (("real", shown.REAL, -1), ("fake", shown.FAKE, 1)):
        counts = [sum(r.source == name and r.label == label for r in rows) for name in names]
        axis.barh(short, sign * np.array(counts), color=colour, label=label)
    axis.invert_yaxis()
    axis.set_title(f"{modality}: {len(rows)} files, real left, fake right")
plt.show()

# %% [markdown]
# ## Averages
# Hundreds of faces laid over one another. Whoever is generated looks at the camera; whoever was
# filmed looks anywhere. Below: the mean spectrum of the finest detail. That of cameras lies along
# the axes, where edges and the blocks of JPEG are; that of StyleGAN2 lies all around. A detector
# that learns this is right about StyleGAN2 and knows nothing of swaps, whose spectra are the same.

# %%
images = shown.small_set("image")
kinds = {
    "DFDC, real": [r for r in images if r.source == DFDC and not r.fake],
    "DFDC, swapped": [r for r in images if r.source == DFDC and r.fake],
    "photographs": [r for r in images if r.source == PHOTOS],
    "StyleGAN2": [r for r in images if r.source == STYLEGAN],
}
means = [shown.average_face(shown.some(rows, 80)).picture for rows in kinds.values()]
shown.gallery({"mean of 80": means}, list(kinds), size=2.2)

# %%
figure, axes = plt.subplots(1, 4, figsize=(10, 2.8))
for axis, (name, rows) in zip(axes, kinds.items(), strict=True):
    axis.imshow(shown.residual_spectrum([shown.read(row) for row in shown.some(rows, 80)]))
    axis.set_title(name)
    axis.axis("off")
plt.show()

# %% [markdown]
# ## Voices
# Level over frequency, and how long a recording is silent before anybody speaks.

# %%
speech = shown.small_set("speech")
figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3))
for label, colour in (("real", shown.REAL), ("fake", shown.FAKE)):
    waves = [
        read_sound(row.path) for row in shown.some([r for r in speech if r.label == label], 120)
    ]
    voices = [wave[slice(*trim(wave))] for wave in waves]
    levels = []
    for voice in voices:
        frames = voice[: len(voice) // 512 * 512].reshape(-1, 512) * np.hanning(512)
        power = (np.abs(np.fft.rfft(frames, axis=1)) ** 2).mean(axis=0)
        levels.append(10 * np.log10(power / power.sum() + 1e-9))
    low, middle, high = np.percentile(levels, [25, 50, 75], axis=0)
    frequencies = np.linspace(0, 8, len(middle))
    left.plot(frequencies, middle, color=colour, label=label)
    left.fill_between(frequencies, low, high, color=colour, alpha=0.15)
    silence = [trim(wave)[0] / 16_000 for wave in waves]
    right.hist(silence, np.linspace(0, 1, 26), histtype="step", color=colour, label=label)
left.set(xlabel="kHz", ylabel="dB, median and quartiles", title="spectrum")
right.set(xlabel="seconds of silence first", title="leading silence")
left.legend(frameon=False)
plt.show()

# %% [markdown]
# ## What metadata alone gives away
# Size, duration, resolution, rate, codec and silence of the files; then all of them together, on
# groups that the baseline does not know. The dotted line is the 0.6 that an evaluation set should
# stay under. Training answers this by passing both classes through the same corruption; evaluation
# by judging copies as well that are alike in all of it (notebook 5).

# %%
figure, axes = plt.subplots(1, 3, figsize=(13, 3))
for axis, modality in zip(axes, ("image", "speech", "video"), strict=True):
    found = bias.measure(bias.choose(shown.small_set(modality), each=40))
    shown.bars(axis, {"all together": found["together"]} | found["alone"], line=bias.SHORTCUT)
    axis.set(xlim=(0.5, 1), title=f"{modality}: AUC of metadata")
plt.show()

# %% [markdown]
# DFDC's own pairs are the clean part: both members come from one camera through one encoder.

# %%
pairs = [row for row in images if row.source == DFDC]
found = bias.measure(bias.choose(pairs, each=300))
print(
    f"DFDC alone: AUC of metadata {found['together']:.3f} on {found['real'] + found['fake']} crops"
)
