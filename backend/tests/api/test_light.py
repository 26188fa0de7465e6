"""The process of the API is small: what decodes and judges is loaded in other processes alone."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.model_factory import write_manifest

HEAVY = ("onnxruntime", "cv2", "av", "PIL", "pillow_heif", "scipy", "sklearn", "joblib", "numpy")

PROGRAM = """
import json, sys
from assay.api.app import create_app
from assay.api.server import Server  # as `assay serve` does
from assay.jobs.database import Database
from assay.jobs.supervisor import Supervisor
from assay.settings import Settings
from starlette.testclient import TestClient

settings = Settings()
Database(settings).prepare()
Supervisor(settings)
answers = {}
with TestClient(create_app(settings), base_url="http://localhost") as client:
    for path in ("/stages", "/models", "/limits", "/analyses", "/readyz", "/metrics"):
        answers[path] = client.get(path).status_code
    clip = {"file": ("clip.png", b"\\x89PNG\\r\\n\\x1a\\n")}
    answers["/analyze"] = client.post("/analyze", files=clip).status_code
loaded = sorted({name.partition(".")[0] for name in sys.modules} & set(sys.argv[1:]))
print(json.dumps([answers, loaded]))
"""


def test_it_serves_without_decoder_and_without_model_runtime(tmp_path: Path) -> None:
    write_manifest(tmp_path, {})
    environment = os.environ | {
        "ASSAY_MODELS_DIR": str(tmp_path),
        "ASSAY_DATA_DIR": str(tmp_path / "data"),
        "ASSAY_DASHBOARD_DIR": str(tmp_path),
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *HEAVY],
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    answers, loaded = json.loads(done.stdout.splitlines()[-1])
    assert loaded == []
    assert answers.pop("/readyz") == 503, "there are no models and no worker"
    assert answers.pop("/analyze") == 202
    assert set(answers.values()) == {200}
