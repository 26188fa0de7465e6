"""Assay: is this video, still or voice clip a deepfake, how sure are we, and what says so?"""

import os

__version__ = "0.2.0"
"""Semantic. The distribution takes it from here."""

# onnxruntime reports its use to its maker from 1.31 on, unless this is set before it is loaded.
# Who checks what with this program is nobody else's business.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
