"""The committed description of the API: `python -m assay.api.openapi [--check]`.

The dashboard's types are generated from the file, so a test keeps it in step with the code.
"""

import json
import sys
from pathlib import Path
from typing import Final

from assay.api.app import create_app
from assay.settings import Settings

FILE: Final = Path(__file__).resolve().parents[2] / "openapi.json"
"""backend/openapi.json."""


def main() -> int:
    """Write the file, or check it."""
    text = (
        json.dumps(create_app(Settings(), graph=()).openapi(), indent=2, ensure_ascii=False) + "\n"
    )
    if "--check" in sys.argv:
        return int(not FILE.is_file() or FILE.read_text("utf-8") != text)
    FILE.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
