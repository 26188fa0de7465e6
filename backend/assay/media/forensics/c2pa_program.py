"""A program of its own: prints the C2PA manifest store of a file as one JSON object.

    python -P -m assay.media.forensics.c2pa_program PATH MIME_TYPE

The library is native code that a stranger's bytes may bring down, and it is large: here it costs
nothing but this process, which lives for one file and under limits. It asks nobody anything.
"""

import json
import resource
import sys
from contextlib import suppress
from typing import Any, Final

CPU_SECONDS: Final = 20
MEMORY_BYTES: Final = 768 << 20
"""Address space. 45 MB without the buffers, which grow with the file, see `credentials`."""
MAX_JSON: Final = 4_000_000
"""Characters of a store that are passed on; real ones have some ten thousand."""

OFFLINE: Final[dict[str, Any]] = {
    "verify": {
        "verify_after_reading": True,
        "remote_manifest_fetch": False,
        "ocsp_fetch": False,
        # There is no list of trusted signers here, and the report says so.
        "verify_trust": False,
        "verify_timestamp_trust": False,
    },
    "core": {
        "allowed_network_hosts": [],
        # Identity assertions may name a web address as their key.
        "decode_identity_assertions": False,
        "backing_store_memory_threshold_in_mb": 16,
        "max_decompressed_manifest_size_in_mb": 16,
    },
}


def read_store(path: str, mime_type: str) -> dict[str, Any]:
    """The manifest store with its validation; `{"failure": word}` where there is none to be had."""
    import c2pa

    try:
        with (
            open(path, "rb") as file,  # noqa: PTH123  # pathlib is one import more
            c2pa.Context.from_dict(OFFLINE) as context,
            c2pa.Reader(mime_type, file, context=context) as reader,
        ):
            text = reader.json()
    except c2pa.C2paError.ManifestNotFound:
        return {"failure": "absent"}
    except c2pa.C2paError:
        return {"failure": "damaged"}
    store: dict[str, Any] = json.loads(text) if len(text) <= MAX_JSON else {"failure": "too_large"}
    return store


def main() -> None:
    """Print the store of the file that the arguments name, within the limits."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    with suppress(ValueError, OSError):  # macOS has no such limit
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    json.dump(read_store(*sys.argv[1:3]), sys.stdout)


if __name__ == "__main__":
    main()
