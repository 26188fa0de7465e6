"""The ResNet-18 of the visual branch, trained on pairs."""
