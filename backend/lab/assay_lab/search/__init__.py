"""Search over the options of a trainer."""
