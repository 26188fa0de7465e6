"""Train the audio encoder: Whisper's first blocks and a pooling head, on voices of all sites.

    python -m assay_lab train-audio-encoder --stores STORES --weights FILE --hold-out 0 --run RUN

Whole sites are held out as for the visual network, see `assay_lab.visual.effnet.train`.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import torch
import typer
from torch import Tensor, nn
from torch.nn import functional as F

from assay_lab.audio.encoder.dataset import Mix, VoicePairs, batches, fold_of, recordings_of
from assay_lab.audio.encoder.judge import Judge
from assay_lab.audio.encoder.net import EncoderDetector
from assay_lab.core.loop import Run, Schedule, fit
from assay_lab.data.enough import need_both
from assay_lab.data.speech import Store


@dataclass(frozen=True, slots=True)
class Config:
    """Settings of one run; everything that changes its result is here.

    hold_out: the fold that is not learned from, or "test". pairs: of a batch. frozen: first blocks
    that keep their weights, as the convolutions do. smoothing: of the labels.
    """

    schedule: Schedule
    mix: Mix
    hold_out: str = "0"
    pairs: int = 12
    blocks: int = 3
    frozen: int = 1
    smoothing: float = 0.03
    seed: int = 1


def command(
    stores: Annotated[Path, typer.Option(help="Folder of the stores of prepare-speech")],
    weights: Annotated[Path, typer.Option(help="whisper-base-encoder-3.npz")],
    run: Annotated[Path, typer.Option(help="Run folder; a second start continues the first")],
    hold_out: Annotated[str, typer.Option(help="Fold 0, 1, 2, or test")] = "0",
    steps: Annotated[int, typer.Option(help="Batches")] = 1500,
    rate: Annotated[float, typer.Option(help="Peak learning rate")] = 2e-4,
    pairs: Annotated[int, typer.Option(min=1, help="Of a batch")] = 12,
    frozen: Annotated[int, typer.Option(min=0, help="First blocks that keep their weights")] = 1,
    threads: Annotated[int, typer.Option(help="Of the network; voices are made in one more")] = 1,
    validate_every: Annotated[int, typer.Option(help="Batches between validations")] = 300,
) -> None:
    """Train the encoder of the audio branch."""
    torch.set_num_threads(threads)
    config = Config(
        schedule=Schedule(
            steps=steps,
            peak_rate=rate,
            warmup=steps // 10,
            average=0.997,
            validate_every=validate_every,
            save_every=50,
            log_every=25,
        ),
        mix=Mix(),
        hold_out=hold_out,
        pairs=pairs,
        frozen=frozen,
    )
    recordings = recordings_of(Store(folder) for folder in sorted(stores.iterdir()))
    folds = [fold_of(one) for one in recordings]
    learnt = [
        one
        for one, fold in zip(recordings, folds, strict=True)
        if fold not in ("test", hold_out) and hold_out not in one.about.taught
    ]
    judged = [one for one, fold in zip(recordings, folds, strict=True) if fold == hold_out]
    need_both((one.about.fake for one in learnt), "what is learned from")
    need_both((one.about.fake for one in judged), f"the held-out {hold_out}")
    net = EncoderDetector(config.blocks)
    net.encoder.load_whisper(weights)
    for part in (net.encoder.conv1, net.encoder.conv2, *net.encoder.blocks[: config.frozen]):
        part.requires_grad_(False)
    made = batches(VoicePairs(learnt, config.mix), config.seed, config.pairs, steps)
    fit(Run(run, config), net, config.schedule, made, _Loss(config), Judge(judged))


class _Loss:
    """Binary cross-entropy with smoothed labels; real and fake alternate in a batch."""

    def __init__(self, config: Config) -> None:
        self._smoothing = config.smoothing

    def __call__(self, net: nn.Module, batch: tuple[Tensor, Tensor]) -> dict[str, Tensor]:
        spectra, padding = batch
        logits = net(spectra, padding)[0].float()
        labels = torch.arange(len(spectra), device=spectra.device).remainder(2).float()
        wanted = labels * (1 - 2 * self._smoothing) + self._smoothing
        return {"class": F.binary_cross_entropy_with_logits(logits, wanted)}
