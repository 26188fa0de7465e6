"""The visual branch: two networks a face, and what both of them need."""
