"""Training by sites that keep their faces to themselves and share only weights."""
