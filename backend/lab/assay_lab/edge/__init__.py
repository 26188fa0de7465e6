"""The networks for phones: small files of LiteRT, and what making them small costs."""
