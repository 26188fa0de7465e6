"""The list of formats that people are shown is that of the code."""

import subprocess
import sys
from pathlib import Path

from assay.media.io import sniff
from assay.media.io.formats import FORMATS
from assay.media.io.sniff import STILLS

SCRIPT = Path(__file__).parents[4] / "scripts" / "formats.py"


def test_every_family_is_listed_once() -> None:
    listed = [form.family for form in FORMATS]
    named = {family for _, family in sniff._SIGNATURES} | set(sniff._RIFF_FORMS.values())
    named |= set(sniff._START_CODES.values())
    assert len(listed) == len(set(listed))
    assert named <= set(listed)
    assert {form.family for form in FORMATS if form.kind == "picture"} == STILLS


def test_the_pages_are_up_to_date() -> None:
    done = subprocess.run([sys.executable, SCRIPT, "--check"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
