"""The pretrained speech encoder and its head: the other network of the audio branch."""
