"""The environment that has LiteRT, as a process that is asked."""

import subprocess
from pathlib import Path
from typing import Final

SCRIPT: Final = Path(__file__).with_name("litert.py")
PACKAGES: Final = "litert-torch ai-edge-quantizer ai-edge-litert"


def ask(python: Path, *arguments: str | Path) -> None:
    """Run `litert.py` with arguments by another Python.

    Raises:
        SystemExit: It is not there, lacks LiteRT, or fails; the message ends with what it said.
    """
    if not python.is_file():
        raise SystemExit(
            f"{python} is no Python. LiteRT lives apart: python3 -m venv EDGE && "
            f"EDGE/bin/pip install {PACKAGES}, then --python EDGE/bin/python."
        )
    done = subprocess.run([python, SCRIPT, *arguments], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        said = "\n".join(done.stderr.strip().splitlines()[-5:])
        raise SystemExit(f"litert.py {arguments[0]} failed in {python}:\n{said}")
