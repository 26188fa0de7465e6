"""The service measured on whatever folder of media somebody has."""
