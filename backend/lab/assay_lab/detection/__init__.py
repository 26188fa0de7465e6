"""What the face detector learns from: labels by public detectors, composed scenes, no-face ones."""
