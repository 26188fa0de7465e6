"""What a head said, for tests of what is made of it."""

from assay.evidence import Contribution, Fused


def fused(
    probability: float, head: str = "tiny+visual", contributions: list[Contribution] | None = None
) -> Fused:
    """A probability by a head with edges at 0.3 and 0.7."""
    return Fused(
        head=head,
        probability=probability,
        log_odds=0.0,
        baseline=0.0,
        contributions=contributions or [],
        temperature=1.0,
        authentic_below=0.3,
        deepfake_above=0.7,
    )
