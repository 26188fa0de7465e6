"""How often a verdict of this kind was right, as the lab measured it on sources never seen."""

from assay.evidence import Fused, Reliability, Verdict
from assay.fusion import MODEL
from assay.models.sessions import ModelStore


def measured(verdict: Verdict, fused: Fused | None, models: ModelStore) -> Reliability | None:
    """What the fusion's manifest tells of a verdict by the head that gave it.

    Its parameter `reliability` holds `right`, `of` and `sources` by head and verdict.

    Returns:
        None where nothing was weighed, or the head's verdicts were not measured.
    """
    if fused is None:
        return None
    heads = models.parameters(MODEL).get("reliability", {})
    numbers = heads.get(fused.head, {}).get(verdict)
    return None if numbers is None else Reliability.model_validate(numbers)
