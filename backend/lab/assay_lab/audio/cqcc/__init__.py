"""The CNN on CQCC, one of the two networks of the audio branch."""
