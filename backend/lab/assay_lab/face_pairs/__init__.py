"""Pairs of a real face and its fake, from many sources, to train on and to measure on."""
