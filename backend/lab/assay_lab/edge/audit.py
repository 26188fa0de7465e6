"""`audit-quantised`: may this smaller model take the place of the float one?

    python -m assay_lab audit-quantised float.tflite int8.tflite --samples held-out.npz --out AUDIT
    python -m assay_lab audit-quantised mine.onnx mine-int8.onnx --samples mine.npz --out AUDIT

The first model is the reference, the others are compared with it: size, milliseconds, AUC, how far
scores move, how many decisions turn at the reference's threshold and at one tuned anew. Any model
of one input whose first output is a logit, or logits of patches, will do; `edge/samples.py` says
what SAMPLES hold. OUT gets metrics.json and card.md. The exit status is 1 if one fails.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from assay_lab.core.export import describe
from assay_lab.edge.answer import answers_of
from assay_lab.edge.compare import DEFAULT, Tolerance, compare
from assay_lab.edge.samples import Samples, read_samples


def command(
    models: Annotated[list[Path], typer.Argument(help="The reference, then smaller ones")],
    samples: Annotated[Path, typer.Option(help=".npz with inputs and labels")],
    out: Annotated[Path, typer.Option(help="Folder for the results")],
    python: Annotated[
        Path | None, typer.Option(help="Of the environment with LiteRT, for .tflite")
    ] = None,
    auc_lost: Annotated[float, typer.Option(min=0, help="AUC that may be lost")] = DEFAULT.auc,
    flips: Annotated[
        float, typer.Option(min=0, max=1, help="Share of decisions that may turn")
    ] = DEFAULT.flips,
    top: Annotated[
        float, typer.Option(min=0, max=1, help="Share of several logits, the highest, to pool")
    ] = 1.0,
) -> None:
    """Compare small models with the float one."""
    if len(models) < 2:
        raise SystemExit("name the reference, and at least one model to compare with it")
    tolerance = Tolerance(auc_lost, flips)
    try:
        report = audit(models, read_samples(samples), python, tolerance, top)
    except ValueError as error:
        raise SystemExit(str(error)) from None
    out.mkdir(parents=True, exist_ok=True)
    report = {
        "command": f"python -m assay_lab audit-quantised --auc-lost {auc_lost} --flips {flips}",
        **report,
    }
    describe(out, report, card(report))
    typer.echo((out / "card.md").read_text())
    if not all(one["passes"] for one in report["models"].values()):
        raise SystemExit(1)


def audit(
    models: Sequence[Path],
    samples: Samples,
    python: Path | None,
    tolerance: Tolerance,
    top: float = 1.0,
) -> dict[str, Any]:
    """Numbers of all models, the reference first, by the names of their files.

    Args:
        models: Of which the first is the reference.
        samples: What they are asked.
        python: Of the environment with LiteRT, for .tflite.
        tolerance: What may be lost.
        top: Share of several logits, the highest, whose mean speaks for a sample.

    Raises:
        ValueError: A model cannot be asked, or the samples are too few.
    """
    answers = []
    for model in models:
        print(f"{model.name}: {len(samples.labels)} samples", flush=True)
        answers.append(answers_of(model, samples, python, top))
    names = [model.name for model in models]
    if len(set(names)) < len(names):
        names = [f"{model.parent.name}/{model.name}" for model in models]
    return {
        "real": int((~samples.labels).sum()),
        "fake": int(samples.labels.sum()),
        "tolerance": tolerance._asdict(),
        "models": {
            name: compare(samples, answers[0], each, tolerance)
            for name, each in zip(names, answers, strict=True)
        },
    }


CARD: Final = """
# Audit of smaller models

{real} real and {fake} fake samples. The first model is the reference. Thresholds are logits, chosen
for balanced accuracy on half of the groups; decisions are counted on the other half, at the
reference's threshold and at each model's own. Scores are in 0..1. Milliseconds are the median of
one sample on one thread of the machine that ran this. A model fails that loses more than
{tolerance[auc]:g} of AUC, or turns more than {tolerance[flips]:.1%} of the decisions at both
thresholds.

{table}
"""


def card(report: Mapping[str, Any]) -> str:
    """Markdown, from the numbers alone."""
    rows = [
        "| model | KiB | ms | AUC | change | score change, mean (largest) | threshold "
        "| decisions turned | balanced accuracy | own threshold | turned | balanced accuracy | |",
        "|---" * 13 + "|",
    ]
    for name, one in report["models"].items():
        rows.append(
            f"| {name} | {one['bytes'] / 1024:,.0f} | {one['milliseconds']:.1f} | {one['auc']:.3f} "
            f"| {one['auc_change']:+.3f} "
            f"| {one['mean_score_change']:.3f} ({one['largest_score_change']:.3f}) "
            f"| {one['threshold']:.2f} | {one['flips']:.1%} | {one['balanced_accuracy']:.1%} "
            f"| {one['retuned_threshold']:.2f} | {one['flips_retuned']:.1%} "
            f"| {one['balanced_accuracy_retuned']:.1%} | {'passes' if one['passes'] else 'fails'} |"
        )
    return CARD.format(table="\n".join(rows), **report)
