"""Where trainers compute: on a GPU if there is one, else on the CPU, in bf16 where that is native.

Batches are made on the CPU and moved; judges and releases see networks on the CPU.
"""

from typing import Any

import torch
from torch import Tensor

DEVICE = torch.device("cuda" if torch.cuda.is_available() else "cpu")


def moved(batch: Any) -> Any:
    """A batch on the device: a tensor, or a tuple of such, named or not."""
    if isinstance(batch, Tensor):
        return batch.to(DEVICE, non_blocking=True)
    parts = [moved(part) for part in batch]
    return type(batch)(*parts) if hasattr(batch, "_fields") else tuple(parts)


def mixed_precision() -> torch.autocast:
    """The context in which a loss is computed: bf16 where the hardware multiplies it itself.

    Without that (AVX-512 BF16, AMX, a GPU of 2020 or later) it is emulated, and slower than fp32.
    """
    return torch.autocast(DEVICE.type, torch.bfloat16, enabled=_has_bf16())


def _has_bf16() -> bool:
    if DEVICE.type == "cuda":
        return torch.cuda.is_bf16_supported(including_emulation=False)
    return torch.cpu._is_amx_tile_supported() or torch.cpu._is_avx512_bf16_supported()
