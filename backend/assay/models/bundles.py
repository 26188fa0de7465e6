"""Opens joblib bundles of fusion heads without running anything that a bundle asks for.

A pickle may name any function of any module to be called. The hash in the manifest tells a bundle
that was changed, but whoever can change a bundle can change the manifest beside it. So only those
classes are known here that a head is made of.
"""

import io
from typing import Any, Final

from joblib.numpy_pickle import NumpyArrayWrapper, NumpyUnpickler

from assay.errors import AssayError

HEADS_ARE_MADE_OF: Final = frozenset(
    {
        ("numpy", "dtype"),
        ("numpy", "ndarray"),
        ("numpy._core.multiarray", "scalar"),
        ("sklearn.linear_model._logistic", "LogisticRegression"),
        ("sklearn.pipeline", "Pipeline"),
        ("sklearn.preprocessing._data", "MinMaxScaler"),
        ("sklearn.preprocessing._data", "StandardScaler"),
    }
)
"""Modules and names; everything else is refused."""


class _Numbers(NumpyArrayWrapper):  # type: ignore[misc]  # joblib has no types
    """An array in a bundle. Arrays of objects are pickles within the pickle."""

    def read_array(self, unpickler: NumpyUnpickler, ensure_native_byte_order: bool) -> Any:
        if self.dtype.hasobject:
            raise ValueError("an array of objects")
        return super().read_array(unpickler, ensure_native_byte_order)


class _Unpickler(NumpyUnpickler):  # type: ignore[misc]
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == (NumpyArrayWrapper.__module__, NumpyArrayWrapper.__name__):
            return _Numbers
        if (module, name) not in HEADS_ARE_MADE_OF:
            raise ValueError(f"{module}.{name}")
        return super().find_class(module, name)


def open_bundle(content: bytes) -> Any:
    """What `joblib.dump` has written, uncompressed, if it holds nothing but a fusion head.

    Raises:
        AssayError: `model_rejected`.
    """
    try:
        return _Unpickler("", io.BytesIO(content), ensure_native_byte_order=True).load()
    except Exception as error:  # a damaged pickle can raise anything
        raise AssayError(
            "model_rejected",
            "A fusion head holds what no head is made of; restore the models folder.",
        ) from error
