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
# # 4 · Fusion and calibration
#
# Twelve features become one probability, and the probability a verdict, by small regressions that
# can be read as a whole. Everything here comes from the released heads and from the numbers that
# were measured out of fold when they were fitted.

# %%
import json

import matplotlib.pyplot as plt
import numpy as np
from IPython.display import SVG, display
from scipy.special import expit, logit

import shown
from assay import fusion
from assay.evidence import FEATURES
from assay.pipeline import features_of
from assay_lab.data.rows import Row
from assay_lab.data.speech import fold_of
from assay_lab.data.split import split_of

models = shown.models()
settings = models.parameters("fusion")["heads"]
measured = json.loads((shown.MODELS / "fusion" / "metrics.json").read_text())

# %% [markdown]
# ## What each head listens to
# One head for each pattern of modalities that media come with. A square is the weight of a feature
# in log-odds per standard deviation; white: no vote. No branch is ever read backwards, and counts
# have no vote.

# %%
weights = np.zeros((len(settings), len(FEATURES)))
for line, head in enumerate(settings):
    bundle = models.bundle("fusion", settings[head]["file"])
    columns = [FEATURES.index(name) for name in bundle["feature_cols"]]
    weights[line, columns] = bundle["model"][-1].coef_[0] / bundle["temperature"]
figure, axis = plt.subplots(figsize=(9, 4))
reach = max(1e-3, np.abs(weights).max())
picture = axis.imshow(weights, cmap="PuOr_r", vmin=-reach, vmax=reach, aspect="auto")
axis.set_xticks(range(len(FEATURES)), FEATURES, rotation=40, ha="right")
axis.set_yticks(range(len(settings)), list(settings))
for (y, x), weight in np.ndenumerate(weights):
    if abs(weight) > 0.005:
        ink = "white" if abs(weight) > 0.6 * reach else "black"
        axis.text(x, y, f"{weight:+.2f}", ha="center", va="center", fontsize=7, color=ink)
figure.colorbar(picture, label="towards fake")
plt.show()

# %% [markdown]
# ## When it says nothing
# Between the edges of its band a head answers Inconclusive. They come from class-conditional
# conformal sets: at most 2 % of real media above, at most 5 % of fakes below. Not the width of a
# band tells how much a head knows, but how often it decides: one that knows little says nearly 0.5
# to everything, and few of its answers leave even a narrow band.

# %%
figure, axis = plt.subplots(figsize=(9, 3.6))
for line, (head, edges) in enumerate(settings.items()):
    low, high = edges["authentic_below"], edges["deepfake_above"]
    axis.barh(line, low, color=shown.REAL, alpha=0.75)
    axis.barh(line, high - low, left=low, color=shown.QUIET, alpha=0.25)
    axis.barh(line, 1 - high, left=high, color=shown.FAKE, alpha=0.75)
    numbers = measured["heads"][head]
    right = numbers["accuracy_when_decided"]
    said = f"decides {numbers['coverage']:.0%}"
    axis.text(1.01, line, said + ("" if right is None else f", {right:.0%} right"), va="center")
axis.set_yticks(range(len(settings)), list(settings))
axis.set(xlim=(0, 1), xlabel="P(fake)")
axis.invert_yaxis()
plt.show()

# %% [markdown]
# ## Is 70 % seventy percent?
# Stated against observed, for stills, speech and clips: on the diagonal a probability means what it
# says. And what abstaining buys: the share of errors among the surest answers.

# %%
display(SVG(filename=str(shown.MODELS / "fusion" / "reliability.svg")))
display(SVG(filename=str(shown.MODELS / "fusion" / "risk.svg")))

# %% [markdown]
# ## What each modality adds
# The same clips, judged by heads that know more and more.

# %%
ablation = measured["ablation"]
figure, axes = plt.subplots(1, 3, figsize=(11, 2.4), sharey=True)
for axis, (key, title) in zip(
    axes, (("auc", "AUC"), ("ece", "ECE"), ("nll", "NLL, nats")), strict=True
):
    value = {head: n["auc"]["value"] if key == "auc" else n[key] for head, n in ablation.items()}
    shown.bars(axis, value)
    axis.set_title(title)
axes[0].axvline(0.5, color=shown.QUIET, linestyle=":")
plt.show()

# %% [markdown]
# ## One answer, taken apart
# The log-odds of a head are a sum, so an answer can be told feature by feature. Media of the small
# set that nothing has learned from:


# %%
def held_out(row: Row) -> bool:
    """Whether no branch learned from it."""
    return fold_of(row) == 0 if row.modality == "speech" else split_of(row.group) == "test"


def first(modality, label):
    """An example."""
    rows = [row for row in shown.small_set(modality) if row.label == label and held_out(row)]
    return shown.some(rows, 1)[0]


figure, axes = plt.subplots(1, 4, figsize=(13, 2.8), sharex=True)
examples = [(m, label) for m in ("image", "speech") for label in ("real", "fake")]
for axis, (modality, label) in zip(axes, examples, strict=True):
    _, findings = shown.judge(first(modality, label).path)
    fused = fusion.fuse(features_of(findings), models)
    verdict, _, probability = fusion.decide(fused)
    parts = {"average medium": fused.baseline}
    parts |= {part.feature: part.log_odds for part in fused.contributions if part.log_odds}
    colours = [shown.FAKE if value > 0 else shown.REAL for value in parts.values()]
    shown.bars(axis, parts, colours)
    axis.axvline(0, color=shown.QUIET, linewidth=0.8)
    axis.set(title=f"{label} {modality}: {verdict.value}, {probability:.2f}", xlabel="log-odds")
plt.show()

# %% [markdown]
# ## Temperature
# One number that makes a head more or less sure without changing any order. Where its optimum sits
# on the bound of the search, none exists, and the head keeps T = 1.

# %%
stated = np.linspace(0.01, 0.99, 99)
figure, axis = plt.subplots(figsize=(4.2, 3.4))
for numbers in measured["heads"].values():
    warm = numbers["temperature"] != 1
    axis.plot(
        stated,
        expit(logit(stated) / numbers["temperature"]),
        color=shown.FAKE if warm else shown.QUIET,
        alpha=0.6,
        linewidth=1.5 if warm else 0.8,
    )
axis.set(xlabel="before", ylabel="after temperature", title="each line a head; grey: T = 1")
plt.show()
