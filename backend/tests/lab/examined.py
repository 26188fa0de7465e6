"""Lines such as `examine` writes, of media that a head can tell apart."""

import numpy as np

from assay.evidence import FEATURES
from assay_lab.fusion.examine import Examined
from assay_lab.fusion.patterns import columns_of

HEAD = "tiny+audio+sync"


def media(count: int, seed: int = 0, backwards: str | None = None) -> list[Examined]:
    """Media whose features rise with the label; `sync_prob`, and one read backwards, fall."""
    rng = np.random.default_rng(seed)
    lines = []
    for number in range(count):
        fake = bool(rng.random() < 0.5)
        features: dict[str, float | None] = dict.fromkeys(FEATURES)
        for name in columns_of(HEAD):
            rises = fake != (name in ("sync_prob", backwards))
            features[name] = float(np.clip(rng.normal(0.6 if rises else 0.4, 0.15), 0, 1))
        features["tiny_num_files"] = 16.0 if fake else 2.0
        lines.append(
            Examined(
                id=str(number),
                modality="video",
                label="fake" if fake else "real",
                generator="g" if fake else "",
                group=str(number // 2),
                source=f"site {number // 2}",
                features=features,
                scores={},
                ood_score=0.0,
                error=None,
            )
        )
    return lines
