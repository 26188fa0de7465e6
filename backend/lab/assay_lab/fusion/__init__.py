"""Twelve features to a probability and a verdict's edges, fitted on judged media."""
