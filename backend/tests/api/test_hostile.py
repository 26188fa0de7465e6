"""Every odd, broken and hostile file, sent to the whole service with its real pipeline."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from assay.errors import STATUS
from assay.jobs.supervisor import Supervisor
from assay.settings import Settings
from tests.hostile_media import CASES, OK, Case
from tests.serving import PATIENCE, finished, has_all_models, serving, until

pytestmark = pytest.mark.skipif(not has_all_models(), reason="models are missing")


Answers = dict[str, str]
"""Name of a case to "ok" or the code of an error."""


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    folder = tmp_path_factory.mktemp("hostile")
    settings = Settings(data_dir=folder / "data", max_queue=1000)
    with (
        serving(settings, Supervisor(settings), graph=None) as address,
        httpx.Client(base_url=address, timeout=PATIENCE) as client,
    ):
        until(lambda: client.get("/readyz").status_code == 200)
        yield client


@pytest.fixture(scope="module")
def answers(service: httpx.Client) -> Answers:
    """All are sent before the first is waited for."""
    sent = {case.name: _send(service, case) for case in CASES}
    return {name: _answer(service, answer) for name, answer in sent.items()}


def _send(client: httpx.Client, case: Case) -> httpx.Response:
    return client.post("/analyze", files={"file": (case.filename, case.build())})


def _answer(client: httpx.Client, response: httpx.Response) -> str:
    if response.status_code != 202:
        problem = response.json()
        assert response.headers["content-type"] == "application/problem+json"
        assert response.status_code == STATUS[problem["code"]]
        return str(problem["code"])
    status = finished(client, response.json()["analysisId"])
    if status["status"] == "error":
        assert status["error"].endswith(".")
        return str(status["errorCode"])
    report = client.get(status["links"]["report"]).json()
    assert len(report["features"]) == 12
    assert report["verdict"] == status["result"]["verdict"]
    return OK


@pytest.mark.parametrize("case", CASES, ids=str)
def test_it_gets_a_right_answer(case: Case, answers: Answers) -> None:
    assert answers[case.name] in case.expected


def test_there_are_enough_of_them() -> None:
    assert len(CASES) >= 60


def test_the_service_is_as_good_as_before(service: httpx.Client, answers: Answers) -> None:
    good = next(case for case in CASES if case.name == "fragmented-mp4")
    response = service.post("/analyze?full=true", files={"file": ("good.mp4", good.build())})
    assert _answer(service, response) == OK
    assert service.get("/readyz").status_code == 200


def test_no_name_became_a_path(
    service: httpx.Client, answers: Answers, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = next(tmp_path_factory.getbasetemp().glob("hostile*")) / "data"
    top = {path.name for path in folder.iterdir()}
    assert {name.split(".")[0] for name in top} == {
        "artefacts",
        "assay",
        "incoming",
        "signing-key",
        "uploads",
        "worker",
    }
    assert not list((folder / "incoming").iterdir())
    assert not [path for path in Path(folder).rglob("*") if path.is_symlink()]
