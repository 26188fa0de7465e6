"""Assay's lab: data, forge, nets, training, evaluation, export. torch lives here only."""

import assay  # noqa: F401 - before anything loads onnxruntime, which it keeps from reporting
