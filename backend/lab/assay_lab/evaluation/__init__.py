"""Scores and numbers of trained models on media that they have not seen."""
