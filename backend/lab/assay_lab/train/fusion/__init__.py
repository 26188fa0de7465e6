"""Fit the fusion heads: for each pattern of modalities a regression, its temperature, its band.

Learns from `examine` lines of media that no branch has trained on (cross-fitted or held out).
Everything that is chosen here (regularisation, temperature, band) is chosen on predictions for
groups that the regression at hand has not seen either.
"""
