"""EfficientNetAutoAtt, the whole-face network of the visual branch."""
