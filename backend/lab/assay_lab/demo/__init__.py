"""The whole way of the lab on media that it draws itself, in about two minutes."""
