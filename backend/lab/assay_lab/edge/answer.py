"""One logit a sample from a model file of either kind."""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np

from assay.branches.gate.branch import pooled
from assay.models.sessions import open_session
from assay.types import Doubles
from assay_lab.edge.compare import Answers
from assay_lab.edge.environment import ask
from assay_lab.edge.samples import Samples, write_samples

LITERT: Final = ".tflite"
ONNX: Final = ".onnx"
LARGEST: Final = 2**30
"""Bytes of a model that is opened."""


def answers_of(model: Path, samples: Samples, python: Path | None, top: float = 1.0) -> Answers:
    """Ask a model about each sample by itself, on one thread.

    Args:
        model: .onnx, or .tflite, of one input; its first output is the logit of being fake, or
            several of patches.
        samples: What is asked.
        python: Of the environment that has LiteRT, for .tflite.
        top: Share of several logits, the highest, whose mean speaks for a sample.

    Raises:
        ValueError: It is no such model; the message says what is wrong.
        SystemExit: LiteRT failed.
    """
    if not model.is_file() or model.stat().st_size > LARGEST:
        raise ValueError(f"{model} is no file of at most 1 GiB")
    readers: dict[str, Callable[[], tuple[Doubles, float]]] = {
        ONNX: lambda: _by_onnxruntime(model, samples),
        LITERT: lambda: _by_litert(model, samples, python),
    }
    if model.suffix not in readers:
        raise ValueError(f"{model} is neither {ONNX} nor {LITERT}")
    answers, milliseconds = readers[model.suffix]()
    patches = answers.reshape(len(answers), -1).astype(np.float32)
    logits = np.array([pooled(each, top) for each in patches], np.float64)
    if not np.isfinite(logits).all():
        raise ValueError(f"{model} answers with something that is no finite number")
    return Answers(logits, milliseconds, model.stat().st_size)


def _by_onnxruntime(model: Path, samples: Samples) -> tuple[Doubles, float]:
    try:
        session = open_session(model.read_bytes())
        puts = session.get_inputs()
        if len(puts) != 1:
            raise ValueError(f"{model} has {len(puts)} inputs; one is asked")
        wanted = np.uint8 if puts[0].type == "tensor(uint8)" else np.float32
        return _timed(lambda one: session.run(None, {puts[0].name: one.astype(wanted)}), samples)
    except ValueError:
        raise
    except Exception as error:  # onnxruntime raises many kinds, none documented
        raise ValueError(f"onnxruntime cannot ask {model}: {str(error)[:200]}") from error


def _timed(run: Callable[[Any], Any], samples: Samples) -> tuple[Doubles, float]:
    found, times = [], []
    for one in samples.inputs:
        started = time.perf_counter()
        answers = run(one[None])
        times.append(time.perf_counter() - started)
        found.append(np.asarray(answers[0], np.float64)[0])
    return np.array(found), 1000 * float(np.median(times))


def _by_litert(model: Path, samples: Samples, python: Path | None) -> tuple[Doubles, float]:
    if python is None:
        raise ValueError(f"{model} is of LiteRT: say with --python which environment has it")
    with tempfile.TemporaryDirectory(prefix="assay-") as folder:
        asked, answered = Path(folder) / "asked.npz", Path(folder) / "answered.npz"
        write_samples(asked, samples)
        ask(python, "answer", model, asked, answered)
        with np.load(answered) as found:
            return found["answers"].astype(np.float64), float(found["milliseconds"])
