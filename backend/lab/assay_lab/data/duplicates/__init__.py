"""Finding the same picture, clip or recording twice, and keeping both on one side of a split."""
