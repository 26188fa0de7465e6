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
# # 5 · Robustness
#
# Media travel: they are saved again, shrunk, sent through messengers. A trace that does not survive
# that is no evidence. First the released numbers, then the same question asked here, on the crops
# of the small set that no branch has learned from.

# %%
import json
import textwrap

import matplotlib.pyplot as plt
import numpy as np
from scipy.special import expit

import shown
from assay.branches.gate.branch import pooled
from assay_lab.augment.pictures import Corruption
from assay_lab.core import metrics
from assay_lab.data.split import split_of
from assay_lab.face_pairs.held_out import DFDC, PHOTOS, STYLEGAN

models = shown.models()

# %% [markdown]
# ## The service under conditions
# AUC of the fused answer on the same held-out media, before and after (`make evaluate`).

# %%
report = json.loads((shown.MODELS / "evaluation" / "metrics.json").read_text())
sets = {name: found for name, found in report["conditions"].items() if found}
figure, axes = plt.subplots(1, len(sets), figsize=(3.2 * len(sets), 3), squeeze=False)
for axis, (name, found) in zip(axes[0], sets.items(), strict=True):
    for line, numbers in enumerate(found.values()):
        auc = numbers["auc"]
        axis.plot(
            [auc["low"], auc["high"]], [line, line], color=shown.FAKE, alpha=0.35, linewidth=5
        )
        axis.plot(auc["value"], line, "o", color=shown.FAKE)
        axis.plot(numbers["auc_before"], line, "o", mfc="none", color=shown.REAL)
    axis.set_yticks(range(len(found)), list(found))
    axis.invert_yaxis()
    axis.axvline(0.5, color=shown.QUIET, linestyle=":")
    axis.set(xlim=(0, 1))
    axis.set_title(textwrap.fill(name, 20), fontsize=10)
axes[0][0].set_xlabel("AUC: ring before, dot after, bar 95 %")
plt.show()

# %% [markdown]
# ## Media made alike
# Left: what a baseline knows that sees the files' size, length, resolution, rate and codec alone.
# Right: the service. Ring: the media as they were found; dot: the same media made alike in all of
# that. What a ring owes to a shortcut, the dot has lost.

# %%
alike = report["alike"]
names = list(alike["fused"])
figure, axes = plt.subplots(1, 2, figsize=(11, 3), sharey=True)
for line, name in enumerate(names):
    before = report["shortcuts"][name]["together"], alike["as_found"][name]["auc"]["value"]
    after = alike["shortcuts"][name]["together"], alike["fused"][name]["auc"]["value"]
    for axis, found, made in zip(axes, before, after, strict=True):
        axis.plot([found, made], [line, line], color=shown.QUIET, linewidth=1)
        axis.plot(found, line, "o", mfc="none", color=shown.REAL)
        axis.plot(made, line, "o", color=shown.FAKE)
axes[0].set_yticks(range(len(names)), names)
axes[0].invert_yaxis()
for axis, title in zip(axes, ("AUC of metadata", "AUC of the service"), strict=True):
    axis.axvline(0.5, color=shown.QUIET, linestyle=":")
    axis.set(xlim=(0.25, 1.02), title=title)
plt.show()

# %% [markdown]
# ## How fast it fades
# Swaps against their originals, and generated faces against photographs, through ever stronger
# corruption; both classes through the same. The bands are bootstraps over groups. The gate is shown
# crops of 224 px here, not the untouched pixels that it is made for, and that alone costs it much:
# its card has the numbers at the files' own resolution.

# %%
images = [row for row in shown.small_set("image") if split_of(row.group) == "test"]
PAIRS = {"swaps (DFDC)": (DFDC, DFDC), "StyleGAN2": (STYLEGAN, PHOTOS)}


def crops(fakes, reals, each=40):
    """Rows and their 224 px crops as the service cuts them."""
    chosen = shown.some([r for r in images if r.fake and r.source == fakes], each)
    chosen += shown.some([r for r in images if not r.fake and r.source == reals], each)
    found = [(row, shown.read(row)) for row in chosen]
    if fakes == DFDC:  # These files are such crops already.
        return [(row, picture) for row, picture in found if picture.shape[:2] == (224, 224)]
    faces = [(row, shown.detect(picture)) for row, picture in found]
    return [(row, face.picture) for row, face in faces if face]


def logits(branch, pictures):
    """A number each that rises with P(fake)."""
    if branch == "gate":
        session, top = models.session("tiny_ladeda"), models.parameters("tiny_ladeda")["top"]
        return [pooled(session.run(None, {"picture": p[None]})[0][0], top) for p in pictures]
    session = models.session("visual_resnet18")
    return [float(session.run(["logit"], {"faces": p[None]})[0][0]) for p in pictures]


LADDERS = {
    "JPEG quality": [Corruption()] + [Corruption(jpeg=q) for q in (90, 70, 50, 30)],
    "shrunk to": [Corruption()] + [Corruption(scale=s) for s in (0.75, 0.5, 0.35, 0.25)],
    "H.264 crf": [Corruption()] + [Corruption(crf=c) for c in (22, 28, 34, 40)],
    "noise": [Corruption()] + [Corruption(noise=n, seed=1) for n in (2, 5, 10, 20)],
}
STEPS = {
    "JPEG quality": ["none", 90, 70, 50, 30],
    "shrunk to": ["1", 0.75, 0.5, 0.35, 0.25],
    "H.264 crf": ["none", 22, 28, 34, 40],
    "noise": [0, 2, 5, 10, 20],
}

# %%
samples = {name: crops(*sources) for name, sources in PAIRS.items()}
figure, axes = plt.subplots(2, len(LADDERS), figsize=(13, 5), sharey=True)
for line, branch in zip(axes, ("visual", "gate"), strict=True):
    for axis, (ladder, corruptions) in zip(line, LADDERS.items(), strict=True):
        for (name, found), colour in zip(samples.items(), (shown.FAKE, shown.REAL), strict=True):
            labels = [row.fake for row, _ in found]
            groups = [row.group for row, _ in found]
            curve = [
                metrics.group_bootstrap(
                    metrics.auc,
                    labels,
                    logits(branch, [corruption.apply(picture) for _, picture in found]),
                    groups,
                    rounds=100,
                )
                for corruption in corruptions
            ]
            places = range(len(corruptions))
            axis.plot(places, [c.value for c in curve], "o-", color=colour, label=name)
            axis.fill_between(
                places, [c.low for c in curve], [c.high for c in curve], color=colour, alpha=0.12
            )
        axis.set_xticks(places, [str(step) for step in STEPS[ladder]])
        axis.set(title=f"{branch}: {ladder}", ylim=(0.2, 1.02))
        axis.axhline(0.5, color=shown.QUIET, linestyle=":")
axes[0][0].legend(frameon=False)
axes[0][0].set_ylabel("AUC")
plt.show()

# %% [markdown]
# ## Where the scores go
# A robust branch keeps its order; a careful one also loses its certainty when the evidence goes.

# %%
settings = models.parameters("visual_resnet18")
found = samples["StyleGAN2"]
figure, axes = plt.subplots(1, 5, figsize=(13, 2.2), sharey=True)
for axis, corruption, step in zip(axes, LADDERS["shrunk to"], STEPS["shrunk to"], strict=True):
    logit = np.array(logits("visual", [corruption.apply(picture) for _, picture in found]))
    p = expit(settings["slope"] * logit + settings["bias"])
    for label, colour in ((True, shown.FAKE), (False, shown.REAL)):
        mine = p[[row.fake is label for row, _ in found]]
        axis.hist(mine, np.linspace(0, 1, 21), color=colour, alpha=0.6)
    axis.set(title=f"shrunk to {step}", xlabel="P(fake)")
plt.show()
