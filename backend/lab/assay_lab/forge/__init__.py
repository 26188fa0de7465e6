"""Making fakes: swaps, blending, warping, generators, vocoders, moved sound."""
