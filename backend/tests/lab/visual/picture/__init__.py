"""Tests of the picture network."""
