"""Corruption of pictures, clips and speech as everyday handling does it."""
