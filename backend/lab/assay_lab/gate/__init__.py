"""The gate's network: LaDeDa-style teacher, Tiny-LaDeDa, training and release."""
