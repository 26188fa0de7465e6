"""What every trainer uses: loop, metrics, calibration, export."""
