"""Bytes to material: probe, compressed-domain hints, frames, face tracks, speech, repair."""
