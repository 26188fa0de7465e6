"""Assay: is this video, still or voice clip a deepfake, how sure are we, and what says so?"""

from importlib.metadata import version

__version__ = version("assay")
