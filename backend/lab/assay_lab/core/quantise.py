"""int8: static quantisation of an exported network, and what it changes.

QDQ format, one scale a channel for weights, activations calibrated on real inputs (Jacob et al.,
"Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference",
CVPR 2018), by onnxruntime.
"""

import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from onnxruntime.quantization import (
    CalibrationDataReader,
    QuantFormat,
    QuantType,
    quantize_dynamic,
    quantize_static,
)
from onnxruntime.quantization.shape_inference import quant_pre_process

from assay.models.sessions import open_session

Feed = Mapping[str, np.ndarray]


class _Feeds(CalibrationDataReader):  # type: ignore[misc]  # onnxruntime tells no types
    def __init__(self, feeds: Sequence[Feed]) -> None:
        self._feeds: Iterator[Feed] = iter(feeds)

    def get_next(self) -> Any:
        return next(self._feeds, None)


def quantise(content: bytes, feeds: Sequence[Feed]) -> bytes:
    """The int8 variant of an ONNX file.

    Args:
        content: The fp32 file.
        feeds: Inputs such as serving gives it; a hundred or two suffice.
    """
    with tempfile.TemporaryDirectory() as folder:
        source, prepared, result = (Path(folder) / name for name in ("a.onnx", "b.onnx", "c.onnx"))
        source.write_bytes(content)
        quant_pre_process(source, prepared)
        quantize_static(
            prepared,
            result,
            _Feeds(feeds),
            quant_format=QuantFormat.QDQ,
            per_channel=True,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
        )
        return result.read_bytes()


def milliseconds(content: bytes, feed: Feed, threads: int = 2, repeats: int = 10) -> float:
    """Median time of a run."""
    session = open_session(content, threads)
    session.run(None, dict(feed))
    times = []
    for _ in range(repeats):
        started = time.perf_counter()
        session.run(None, dict(feed))
        times.append(time.perf_counter() - started)
    return 1000 * float(np.median(times))


def quantise_weights(content: bytes) -> bytes:
    """The variant of an ONNX file whose matrices are int8, activations measured as they come.

    For transformers, whose activations have outliers that one scale for all inputs would clip.
    """
    with tempfile.TemporaryDirectory() as folder:
        source, prepared, result = (Path(folder) / name for name in ("a.onnx", "b.onnx", "c.onnx"))
        source.write_bytes(content)
        quant_pre_process(source, prepared, skip_symbolic_shape=True)
        quantize_dynamic(
            prepared,
            result,
            per_channel=True,
            weight_type=QuantType.QInt8,
            op_types_to_quantize=["MatMul", "Gemm"],
        )
        return result.read_bytes()
