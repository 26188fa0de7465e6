"""Assay's lab: data, forge, nets, training, evaluation, export. torch lives here only."""
