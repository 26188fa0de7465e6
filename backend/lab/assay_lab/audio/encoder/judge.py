"""How well a network tells voices of sites that it has not heard."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

import numpy as np
import torch
from torch import nn

from assay.branches.audio.log_mel import RATE, levelled, log_mel
from assay.types import Doubles, Waveform
from assay_lab.audio.encoder.dataset import LONGEST, Recording
from assay_lab.augment.codec import Codec
from assay_lab.augment.speech import SpeechCorruption
from assay_lab.core.metrics import auc, eer
from assay_lab.data.split import bucket

OF_A_MAKER: Final = 12
WINDOWS: Final = 2
"""Windows of a recording, at its ends."""

CONDITIONS: Final = {
    "clean": SpeechCorruption(),
    "telephone": SpeechCorruption(rates=(8_000,), codecs=(Codec("pcm_mulaw", "wav", 8_000),)),
    "noise 15 dB": SpeechCorruption(noise=15.0, colour=1.0, seed=1),
}


class Judge:
    """EER and AUC over the recordings of sites that were held out, evenly over their makers."""

    def __init__(self, recordings: Sequence[Recording]) -> None:
        seen: Counter[str] = Counter()
        self.chosen: list[Recording] = []
        for one in sorted(recordings, key=lambda one: bucket(one.about.key, 2**32, salt="judge")):
            if one.about.kind == "forged":
                continue
            seen[one.maker] += 1
            if seen[one.maker] <= OF_A_MAKER * (1 if one.about.fake else 4):
                self.chosen.append(one)

    def __call__(self, net: nn.Module) -> dict[str, float]:
        """Numbers of a network on the CPU."""
        labels = np.array([one.about.fake for one in self.chosen])
        found = {}
        for name, corruption in CONDITIONS.items():
            scores = self.scores(net, corruption)
            found[f"auc {name}"] = round(auc(labels, scores), 4)
            found[f"eer {name}"] = round(eer(labels, scores), 4)
        return found

    def scores(self, net: nn.Module, corruption: SpeechCorruption) -> Doubles:
        """The mean logit of each recording's windows."""
        scores = [logits_of(net, windows(one, corruption)).mean() for one in self.chosen]
        return np.array(scores)


def windows(one: Recording, corruption: SpeechCorruption) -> list[Waveform]:
    """The windows by which a recording is judged."""
    places = (0.0,) if one.about.length <= 1.5 * LONGEST * RATE else (0.0, 1.0)
    return [levelled(corruption.apply(one.excerpt(place, LONGEST))) for place in places[:WINDOWS]]


@torch.inference_mode()
def logits_of(net: nn.Module, waves: Sequence[Waveform]) -> Doubles:
    """Logits of windows, one after the other."""
    logits = [net(torch.from_numpy(log_mel(wave))[None])[0] for wave in waves]
    return torch.cat(logits).double().numpy()
