"""Training data: rows, splits, balance, and the layouts people have."""
