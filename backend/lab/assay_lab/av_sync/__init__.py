"""Two towers for lips and voice."""
