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
# # 2 · The forge
#
# No benchmark is at hand, so the lab makes its own fakes: each beside the very picture or recording
# that it was made from, with a mask of what was altered and a log that makes it again.

# %%
from dataclasses import replace

import matplotlib.pyplot as plt
import numpy as np

import shown
from assay_lab.augment.pictures import Corruption
from assay_lab.data.clip import Clip
from assay_lab.data.speech import read_sound
from assay_lab.face_pairs.held_out import STYLEGAN
from assay_lab.forge.blend import Blend
from assay_lab.forge.masks import FaceMask
from assay_lab.forge.mouth import mouth_paint
from assay_lab.forge.resynthesis import Resynthesis
from assay_lab.forge.self_blend import SelfBlend
from assay_lab.forge.speech.make import SIGNAL_METHODS
from assay_lab.forge.swap import Swap
from assay_lab.forge.texture import TextureLoss
from assay_lab.forge.upsampling import UpsamplingTrace

face = shown.portrait()
generated = [row for row in shown.small_set("image") if row.source == STYLEGAN]
nobody = shown.average_face(shown.some(generated, 60))

# %% [markdown]
# ## Faces
# The donor of the swap is the mean of sixty generated faces: nobody. Differences are eightfold.


# %%
def strip(made):
    """Forged, where, and the difference."""
    mask = np.repeat((255 * made.mask).astype(np.uint8)[..., None], 3, axis=2)
    change = np.clip(8 * np.abs(made.fake.astype(int) - made.real), 0, 255).astype(np.uint8)
    return [made.real, made.fake, mask, change]


def drawn(kind, seed, *arguments):
    """A forgery of a kind, as the generator draws it."""
    return kind.draw(np.random.default_rng(seed)).apply(face, *arguments)


def painted(brush, seed):
    """The face painted anew by a brush."""
    rng = np.random.default_rng(seed)
    return Resynthesis((brush,), FaceMask.draw(rng, "face"), Blend.draw(rng, opaque=True)).apply(
        face
    )


rng = np.random.default_rng(7)
forgeries = {
    "self-blended": drawn(SelfBlend, 4),
    "self-blended, another": drawn(SelfBlend, 11),
    "swapped with nobody": drawn(Swap, 5, nobody),
    "upsampling trace": painted(UpsamplingTrace.draw(rng), 1),
    "texture lost": painted(TextureLoss(reach=10, bands=3), 2),
}
shown.gallery(
    {name: strip(made) for name, made in forgeries.items()},
    ["real", "forged", "mask", "difference x 8"],
    size=1.7,
)

# %%
for name, made in forgeries.items():
    print(f"{name:22} {made.forge:12} mean change inside the mask {made.change:5.1f} grey levels")

# %% [markdown]
# ## The same corruption for both
# What the world does to a picture afterwards. Both members of a pair go through one and the same
# draw, so that nothing here can become a class label.

# %%
corruptions = [Corruption.draw(np.random.default_rng(seed)) for seed in (3, 8, 15, 21, 33, 40)]
swapped = forgeries["swapped with nobody"]
shown.gallery(
    {
        "real": [corruption.apply(swapped.real) for corruption in corruptions],
        "forged": [corruption.apply(swapped.fake) for corruption in corruptions],
    },
    size=1.6,
)

# %% [markdown]
# ## In time
# A mouth painted anew in every frame of a clip, at moments with a shaking mask. Here the clip is
# the portrait, moved as by an unsteady hand.

# %%
sway = [np.array([3 * np.sin(n / 3), 2 * np.cos(n / 4)], np.float32) for n in range(16)]
frames = np.stack(
    [np.roll(face.picture, tuple(np.rint(by[::-1]).astype(int)), (0, 1)) for by in sway]
)
points = np.stack([face.keypoints + np.rint(by) for by in sway])
boxes = np.stack([[*seen.min(axis=0) - 25, *seen.max(axis=0) + 25] for seen in points])
clip = Clip(frames, 25.0, None, points, boxes, "portrait")
forge = mouth_paint(np.random.default_rng(3), TextureLoss(reach=14, bands=3))
fake = replace(forge, shake=0.03, flicker=0.3).apply(clip)
change = np.clip(8 * np.abs(fake.frames.astype(int) - clip.frames), 0, 255).astype(np.uint8)
shown.gallery(
    {"recorded": clip.frames[::3], "forged": fake.frames[::3], "difference x 8": change[::3]},
    size=1.5,
)

# %% [markdown]
# ## Voices
# The same words by the same voice, made anew by each of the signal forgers.

# %%
real = next(row for row in shown.some(shown.small_set("speech"), 400) if not row.fake)
wave = read_sound(real.path)[:40_000]
figure, axes = plt.subplots(2, 4, figsize=(12, 4.2), sharex=True, sharey=True)
shown.spectrogram(axes.flat[0], wave, "as recorded")
for axis, method in zip(axes.flat[1:], SIGNAL_METHODS, strict=False):
    forged, _ = method.forge(wave, np.random.default_rng(1))
    shown.spectrogram(axis, forged, method.vocoder)
for axis in axes.flat[1 + len(SIGNAL_METHODS) :]:
    axis.axis("off")
plt.show()
