"""The models folder: `manifest.py` knows names, hashes and parameters, `sessions.py` runs networks.

Whoever only asks what is installed imports the first, which loads no model runtime.
"""
