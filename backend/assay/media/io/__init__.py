"""Files in: sniffing, probing, decoding, stills, speech."""
