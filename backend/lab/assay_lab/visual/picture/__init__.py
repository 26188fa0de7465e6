"""The network that looks at whole pictures: its bank, how it is trained and released."""
