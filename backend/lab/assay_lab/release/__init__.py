"""From finished runs to models/: export, calibration, numbers, card."""
