"""All that needs LiteRT, run as a script by the Python of an environment of its own.

    python litert.py convert PROGRAM.pt2 MODEL.tflite
    python litert.py quantise MODEL.tflite SMALL.tflite dynamic
    python litert.py quantise MODEL.tflite SMALL.tflite int8 SAMPLES.npz
    python litert.py answer MODEL.tflite SAMPLES.npz ANSWERS.npz

LiteRT's converter brings JAX and half of TensorFlow along, and wants versions of its own, so the
lab's environment stays without it. This file imports nothing of ours.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

REPEATS = 20
"""Runs of which the median is told."""


def convert(program: str, target: str) -> None:
    """A program of `torch.export` as a float model."""
    import litert_torch
    import torch

    exported = torch.export.load(program)
    (inputs, _) = exported.example_inputs
    litert_torch.convert(exported.module(), inputs).export(target)


def quantise(source: str, target: str, how: str, samples: str = "") -> None:
    """Integers for weights (dynamic), or for weights and activations (int8, min-max)."""
    from ai_edge_quantizer import quantizer, recipe

    recipes = {"dynamic": recipe.dynamic_wi8_afp32, "int8": recipe.static_wi8_ai8}
    work = quantizer.Quantizer(source, recipes[how]())
    seen = None
    if how == "int8":
        name = _input_name(source)
        inputs = np.load(samples)["inputs"].astype(np.float32)
        seen = work.calibrate({"serving_default": [{name: one[None]} for one in inputs]})
    Path(target).unlink(missing_ok=True)
    work.quantize(seen).export_model(target)


def _input_name(model: str) -> str:
    from ai_edge_litert.interpreter import Interpreter

    (signature,) = Interpreter(model_path=model).get_signature_list().values()
    (name,) = signature["inputs"]
    return str(name)


def answer(model: str, samples: str, target: str) -> None:
    """The first output for each sample, (n, ...), and the median milliseconds, on one thread."""
    from ai_edge_litert.interpreter import Interpreter

    runner = Interpreter(model_path=model, num_threads=1)
    runner.allocate_tensors()
    (put,) = runner.get_input_details()
    got = runner.get_output_details()[0]
    answers, times = [], []
    for one in np.load(samples)["inputs"]:
        runner.set_tensor(put["index"], _as_wanted(one[None], put))
        started = time.perf_counter()
        runner.invoke()
        times.append(time.perf_counter() - started)
        answers.append(_as_float(runner.get_tensor(got["index"]), got)[0])
    np.savez(target, answers=np.array(answers), milliseconds=1000 * np.median(times[-REPEATS:]))


def _as_wanted(values: NDArray, put: dict) -> NDArray:  # type: ignore[type-arg]
    scale, zero = put["quantization"]
    if put["dtype"] == np.float32:
        return values.astype(np.float32)
    limits = np.iinfo(put["dtype"])
    return np.clip(np.round(values / scale) + zero, limits.min, limits.max).astype(put["dtype"])


def _as_float(values: NDArray, got: dict) -> NDArray:  # type: ignore[type-arg]
    scale, zero = got["quantization"]
    return values if got["dtype"] == np.float32 else (values.astype(np.float32) - zero) * scale


COMMANDS: dict[str, Callable[..., None]] = {
    "convert": convert,
    "quantise": quantise,
    "answer": answer,
}

if __name__ == "__main__":
    COMMANDS[sys.argv[1]](*sys.argv[2:])
