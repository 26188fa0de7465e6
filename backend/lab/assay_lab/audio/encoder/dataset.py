"""Pairs of real and synthetic voices of many sites: what the audio encoder learns from.

Half of every batch is real. Sites, and on the fake side generators too, are drawn by the root of
their size, never by file. A part of the pairs is a forgery of ours beside the very recording that
it was made from, under one draw of corruption. Corruption is drawn anew at every visit.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import torch
from numpy.random import Generator
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from assay.branches.audio.log_mel import RATE, levelled, log_mel
from assay.types import Waveform
from assay_lab.augment.music import Music
from assay_lab.augment.speech import SpeechCorruption
from assay_lab.data.shares import by_root
from assay_lab.data.speech import Store, Utterance
from assay_lab.data.split import cross_fold

LONGEST: Final = 4.0
SHORTEST: Final = 1.2
"""Seconds of an excerpt; a recording that is shorter is taken whole."""


@dataclass(frozen=True, slots=True)
class Mix:
    """How often what is drawn.

    forged: pairs of a forgery of ours and its original. cut: excerpts that are shorter than they
    could be. corrupted: pairs that everyday corruption comes to. music: that music plays under.
    """

    forged: float = 0.35
    cut: float = 0.3
    corrupted: float = 0.75
    music: float = 0.07


@dataclass(frozen=True, slots=True)
class Recording:
    """An utterance and the store that holds it."""

    store: Store
    about: Utterance

    @property
    def maker(self) -> str:
        """Its site, and for a fake its generator."""
        return f"{self.about.source} {self.about.generator}"

    def excerpt(self, start: float, seconds: float) -> Waveform:
        """A part of it: start in 0..1 of what can be left out."""
        about = self.about
        length = min(about.length, round(seconds * RATE))
        first = about.start + round(start * (about.length - length))
        return self.store.wave(replace(about, start=first, length=length))


class VoicePairs:
    """Draws pairs of excerpts, real first, deterministically by the generator."""

    def __init__(self, recordings: Iterable[Recording], mix: Mix) -> None:
        self.mix = mix
        every = list(recordings)
        by_key = {one.about.key: one for one in every}
        self._twins = [
            (by_key[one.about.origin], one)
            for one in every
            if one.about.kind == "forged" and one.about.origin in by_key
        ]
        alone = [one for one in every if not one.about.origin]
        self._reals = _ByMaker(one for one in alone if not one.about.fake)
        self._fakes = _ByMaker(one for one in alone if one.about.fake)

    def draw(self, rng: Generator) -> tuple[Waveform, Waveform]:
        """A real and a fake excerpt."""
        seconds = float(rng.uniform(SHORTEST, LONGEST)) if rng.random() < self.mix.cut else LONGEST
        corrupt = self._corruption(rng)
        if self._twins and rng.random() < self.mix.forged:
            real, fake = self._twins[rng.integers(len(self._twins))]
            start = float(rng.random())
            return corrupt(real.excerpt(start, seconds)), corrupt(fake.excerpt(start, seconds))
        pair = self._reals.draw(rng), self._fakes.draw(rng)
        one, other = (recording.excerpt(float(rng.random()), seconds) for recording in pair)
        return corrupt(one), self._corruption(rng)(other)

    def _corruption(self, rng: Generator) -> Callable[[Waveform], Waveform]:
        music = Music.draw(rng) if rng.random() < self.mix.music else None
        drawn = SpeechCorruption.draw(rng) if rng.random() < self.mix.corrupted else None

        def corrupt(wave: Waveform) -> Waveform:
            if music is not None:
                wave = music.under(wave)
            return levelled(wave if drawn is None else drawn.apply(wave))

        return corrupt


class _ByMaker:
    """Recordings drawn by the root of a maker's groups."""

    def __init__(self, recordings: Iterable[Recording]) -> None:
        makers: dict[str, dict[str, list[Recording]]] = defaultdict(lambda: defaultdict(list))
        for recording in recordings:
            makers[recording.maker][recording.about.group].append(recording)
        self._groups = [list(groups.values()) for groups in makers.values()]
        self._chances = by_root([len(groups) for groups in self._groups])

    def draw(self, rng: Generator) -> Recording:
        groups = self._groups[rng.choice(len(self._groups), p=self._chances)]
        some = groups[rng.integers(len(groups))]
        return some[rng.integers(len(some))]


class VoiceViews(Dataset[tuple[Tensor, Tensor]]):
    """Item i is pair i of a run: two log-mel spectra (80, frames), the same on any machine."""

    def __init__(self, pairs: VoicePairs, seed: int, first: int, count: int) -> None:
        self._pairs, self._seed, self._first, self._count = pairs, seed, first, count

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, index: int) -> tuple[Tensor, Tensor]:
        rng = np.random.default_rng((self._seed, self._first + index))
        real, fake = (torch.from_numpy(log_mel(wave)) for wave in self._pairs.draw(rng))
        return real, fake


def batches(
    pairs: VoicePairs, seed: int, size: int, steps: int
) -> Callable[[int], Iterator[tuple[Tensor, Tensor]]]:
    """From a step on, the remaining batches: spectra (2 * size, 80, frames), padding likewise."""

    def remaining(first: int) -> Iterator[tuple[Tensor, Tensor]]:
        views = VoiceViews(pairs, seed, first * size, (steps - first) * size)
        yield from DataLoader(views, size, num_workers=1, prefetch_factor=4, collate_fn=gathered)

    return remaining


def gathered(pairs: Sequence[tuple[Tensor, Tensor]]) -> tuple[Tensor, Tensor]:
    """Spectra of pairs as one batch, reals and fakes in turn, filled up to the longest.

    Returns:
        Spectra (n, 80, frames), and where they were filled up (n, frames).
    """
    spectra = [one for pair in pairs for one in pair]
    longest = max(one.shape[1] for one in spectra)
    batch = torch.zeros(len(spectra), spectra[0].shape[0], longest)
    padding = torch.ones(len(spectra), longest, dtype=torch.bool)
    for place, one in enumerate(spectra):
        batch[place, :, : one.shape[1]] = one
        padding[place, : one.shape[1]] = False
    return batch, padding


def recordings_of(stores: Iterable[Store]) -> list[Recording]:
    """All recordings of some stores. Those under the shortest serving judges are left out."""
    return [
        Recording(store, about)
        for store in stores
        for about in store.rows
        if about.length >= 0.6 * RATE
    ]


def fold_of(recording: Recording) -> str:
    """The cross-fold of a recording's site."""
    return str(cross_fold(recording.about.source, recording.about.group))
