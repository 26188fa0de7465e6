"""Tests of the photograph check."""
