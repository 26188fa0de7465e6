"""What holds for every response: problems, headers, the page, the description."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Response
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from assay.api import openapi, problems
from assay.api.app import create_app
from assay.api.guard import Guard
from assay.api.problems import ProblemResponse
from assay.errors import STATUS, AssayError
from assay.evidence import StageInfo
from tests.jobs import scripted
from tests.jobs.scripted import media
from tests.model_factory import install
from tests.serving import serving, settings_for, upload

PROBLEM = {"type", "title", "status", "detail", "instance", "code"}


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nowhere", 404, "not_found"),
        ("GET", "/nowhere/<script>", 404, "not_found"),
        ("GET", "/analyze", 405, "method_not_allowed"),
        ("DELETE", "/livez", 405, "method_not_allowed"),
        ("GET", "/analyses?limit=0", 422, "invalid_request"),
        ("GET", "/analyses?limit=<script>", 422, "invalid_request"),
        ("GET", "/status/00000000-0000-4000-8000-000000000000?wait=-1", 422, "invalid_request"),
        ("GET", "/status/00000000-0000-4000-8000-000000000000?wait=1e9", 422, "invalid_request"),
        ("GET", "/status/00000000-0000-4000-8000-000000000000?wait=nan", 422, "invalid_request"),
    ],
)
def test_every_error_is_a_problem(
    alone: httpx.Client, method: str, path: str, status: int, code: str
) -> None:
    answer = alone.request(method, path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert set(problem) == PROBLEM
    assert (problem["status"], problem["code"]) == (status, code)
    assert problem["type"] == f"urn:assay:error:{code}"
    assert problem["instance"].startswith("urn:uuid:")
    assert problem["detail"].endswith(".")
    assert "script" not in answer.text


@pytest.mark.parametrize(
    ("code", "level"), [("not_found", "INFO"), ("busy", "WARNING"), ("internal", "ERROR")]
)
def test_the_log_that_people_see_has_the_instance(
    caplog: pytest.LogCaptureFixture, code: str, level: str
) -> None:
    with caplog.at_level("INFO"):
        answer = ProblemResponse(AssayError(code, "A sentence."))
    (record,) = caplog.records
    assert record.levelname == level
    assert json.loads(bytes(answer.body))["instance"] in record.getMessage()


def test_what_nobody_foresaw_is_a_problem_too(caplog: pytest.LogCaptureFixture) -> None:
    app = FastAPI()
    app.add_middleware(Guard)
    problems.install(app)

    @app.get("/")
    def fail() -> None:
        raise RuntimeError("secret")

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await client.get("/")

    answer = asyncio.run(ask())
    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert "secret" not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "secret" in caplog.text


@pytest.mark.parametrize("path", ["/", "/livez", "/nowhere", "/analyses", "/openapi.json"])
def test_security_headers_are_on_everything(alone: httpx.Client, path: str) -> None:
    headers = alone.get(path, headers={"Origin": "https://evil.example"}).headers
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "access-control-allow-origin" not in headers


def test_the_host_header_is_not_believed(alone: httpx.Client) -> None:
    headers = {"Host": "evil.localhost", "X-Forwarded-Host": "evil.example"}
    answer = alone.post("/analyze", files={"file": ("a.png", media())}, headers=headers)
    assert answer.headers["location"].startswith("/status/")
    assert "evil" not in answer.text + str(answer.headers)
    assert alone.get("/livez/", headers=headers).status_code == 404


# ------------------------------------------------------------------------------- other sites


def guarded(
    method: str = "GET", allowed: frozenset[str] = frozenset(), **headers: str
) -> httpx.Response:
    """The answer of an app that says yes to all that the guard lets through."""

    async def ask() -> httpx.Response:
        app = Guard(Response("yes"), allowed)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app)) as client:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            return await client.request(method, "http://localhost/", headers=named)

    return asyncio.run(ask())


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "LOCALHOST:8000",
        "localhost.:8000",
        "assay.localhost:8000",
        "127.0.0.1:8000",
        "192.168.1.5",
        "[::1]:8000",
        "assay:8000",
        "desk.local",
        "assay.internal:8000",
        "",
    ],
)
def test_addresses_and_private_names_are_ours(host: str) -> None:
    assert guarded(host=host).text == "yes"


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8000",
        "localhost.evil.example",
        "evil.localhost.example",
        "127.0.0.1.evil.example",
        "127.0.0.1@evil.example",
        "internal.example",
        "[::1",
        "/",
    ],
)
def test_a_name_that_another_site_may_have_is_refused(host: str) -> None:
    answer = guarded(host=host)
    assert (answer.status_code, answer.json()["code"]) == (403, "unknown_host")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "evil" not in answer.text


def test_names_that_are_allowed_pass() -> None:
    allowed = frozenset({"assay.example"})
    assert guarded(allowed=allowed, host="Assay.example:443").text == "yes"
    assert guarded(allowed=allowed, host="evil.assay.example").status_code == 403
    assert guarded(allowed=frozenset({"*"}), host="any.example").text == "yes"


@pytest.mark.parametrize("method", ["POST", "DELETE"])
@pytest.mark.parametrize(
    "headers",
    [
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "cross-site", "origin": "http://localhost"},
        {"origin": "https://evil.example"},
        {"origin": "http://localhost:9999"},
        {"sec_fetch_site": "same-site", "origin": "http://localhost:9999"},
        {"sec_fetch_site": "same-site", "origin": "null"},
        {"origin": "null"},
    ],
)
def test_pages_of_other_sites_change_nothing(method: str, headers: dict[str, str]) -> None:
    answer = guarded(method, **headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "cross_site")
    assert guarded("GET", **headers).text == "yes"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"sec_fetch_site": "same-origin", "origin": "http://localhost:5173"},
        {"sec_fetch_site": "none"},
        {"sec_fetch_site": "same-site", "origin": "https://assay.example"},
        {"origin": "http://localhost"},
        {"origin": "http://assay.example", "host": "127.0.0.1:8000"},
    ],
)
def test_our_page_programs_and_proxies_change_what_they_want(headers: dict[str, str]) -> None:
    assert guarded("POST", frozenset({"assay.example"}), **headers).text == "yes"


def test_a_form_of_another_site_is_not_analysed(alone: httpx.Client) -> None:
    file = {"file": ("a.png", media())}
    answer = alone.post("/analyze", files=file, headers={"Sec-Fetch-Site": "cross-site"})
    assert (answer.status_code, answer.json()["code"]) == (403, "cross_site")
    assert alone.get("/analyses").json()["items"] == []


def test_an_app_allows_what_the_settings_do(tmp_path: Path) -> None:
    settings = settings_for(tmp_path, allowed_hosts={"assay.example"})
    with serving(settings) as address:
        for host, status in (("assay.example", 200), ("evil.example", 403)):
            assert httpx.get(f"{address}/livez", headers={"Host": host}).status_code == status


# -------------------------------------------------------------------------------------- page


def test_the_page_is_served_with_its_own_routes(tmp_path: Path) -> None:
    page = tmp_path / "dist"
    (page / "assets").mkdir(parents=True)
    (page / "index.html").write_text("<title>Assay</title>")
    (page / "assets" / "app-123.js").write_text("1")
    (tmp_path / "secret").write_text("secret")
    with (
        serving(settings_for(tmp_path, dashboard_dir=page)) as address,
        httpx.Client(base_url=address) as client,
    ):
        html = {"Accept": "text/html,*/*;q=0.8"}
        for path in ("/", "/watch/some-id"):
            answer = client.get(path, headers=html)
            assert (answer.status_code, answer.text) == (200, "<title>Assay</title>")
            assert answer.headers["cache-control"] == "no-cache"
        assert client.get("/assets/app-123.js").text == "1"
        assert client.get("/assets/gone.js").status_code == 404
        assert client.get("/..%2fsecret").status_code == 404
        assert client.get("/livez", headers=html).json() == {"status": "ok"}


def test_without_a_page_it_says_so(alone: httpx.Client) -> None:
    answer = alone.get("/")
    assert answer.status_code == 200
    assert "make setup" in answer.text


def test_liveness_and_readiness(alone: httpx.Client, client: httpx.Client) -> None:
    assert alone.get("/livez").status_code == 200
    answer = alone.get("/readyz")
    assert (answer.status_code, answer.json()["code"]) == (503, "not_ready")
    assert answer.json()["detail"] == "No worker is running."
    assert client.get("/readyz").status_code == 200


def test_it_does_not_start_on_a_database_that_nobody_prepared(tmp_path: Path) -> None:
    app = create_app(settings_for(tmp_path), graph=scripted.GRAPH)
    with pytest.raises(AssayError, match="restart the service"), TestClient(app):
        pass


def test_it_is_not_ready_before_every_model_of_the_graph_is_whole(tmp_path: Path) -> None:
    graph = [
        *scripted.GRAPH,
        StageInfo(name="gate", title="Gate", description="Looks", models=("tiny", "known")),
    ]
    settings = settings_for(tmp_path)
    with (
        serving(settings, graph=graph) as address,
        httpx.Client(base_url=address) as client,
    ):

        def found() -> tuple[int, str]:
            answer = client.get("/readyz")
            return answer.status_code, answer.json()["code"]

        assert found() == (503, "models_missing"), "the manifest is empty"
        for name in ("tiny", "known"):
            (settings.models_dir / name).mkdir()
            (settings.models_dir / name / "model.onnx").write_bytes(name.encode())
            install(settings.models_dir, name, "model.onnx")
        assert found() == (503, "not_ready"), "models are there, but no worker"
        file = settings.models_dir / "known" / "model.onnx"
        file.write_bytes(b"KNOWN!")
        assert found() == (503, "model_rejected")
        file.unlink()
        assert found() == (503, "models_missing"), "there is only its line in the manifest"
        file.write_bytes(b"known")
        assert found() == (503, "not_ready")


def test_metrics_count_outcomes_stages_and_the_queue(
    client: httpx.Client, alone: httpx.Client
) -> None:
    from tests.serving import finished

    finished(client, upload(client, media(salt="metrics")))
    answer = client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    values = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }
    assert values["assay_analyses_total", "complete"] >= 1
    assert values["assay_stage_seconds_count", "visual"] >= 1
    assert values["assay_queued",] == 0
    upload(alone, media())
    assert "\nassay_queued 1.0\n" in alone.get("/metrics").text


def test_the_graph_and_the_models(alone: httpx.Client, tmp_path: Path) -> None:
    assert [stage["name"] for stage in alone.get("/stages").json()] == [
        info.name for info in scripted.GRAPH
    ]
    folder = tmp_path / "models"
    (folder / "tiny").mkdir()
    (folder / "tiny" / "card.md").write_text("# Tiny")
    (folder / "tiny" / "metrics.json").write_text('{"auc": 0.5}')
    entry = {"files": {"model.onnx": "00"}, "serve": "model.onnx", "parameters": {"edge": 0.5}}
    manifest = {"version": 1, "models": {"tiny": entry, "bare": entry}}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    tiny, bare = alone.get("/models").json()
    assert tiny == {"name": "tiny", **entry, "card": "# Tiny", "metrics": {"auc": 0.5}}
    assert bare["card"] is bare["metrics"] is None


def test_a_card_s_figures_are_drawings_and_nothing_more(
    alone: httpx.Client, tmp_path: Path
) -> None:
    folder = tmp_path / "models"
    (folder / "tiny").mkdir()
    (folder / "tiny" / "roc.svg").write_text("<svg/>")
    (folder / "roc.svg").write_text("<svg/>")
    entry = {"files": {"model.onnx": "00"}, "serve": "model.onnx"}
    (folder / "manifest.json").write_text(json.dumps({"version": 1, "models": {"tiny": entry}}))

    answer = alone.get("/models/tiny/roc.svg")

    assert (answer.status_code, answer.text) == (200, "<svg/>")
    assert answer.headers["content-type"].startswith("image/svg+xml")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    for other in ("/models/tiny/scores.svg", "/models/other/roc.svg", "/models/%2E%2E/roc.svg"):
        assert alone.get(other).json()["code"] == "not_found"
    assert alone.get("/models/tiny/model.onnx").status_code == 422


def test_limits_are_told_before_an_upload(client: httpx.Client) -> None:
    limits = client.get("/limits").json()
    assert limits == {"maxUploadBytes": 3 * 1024 * 1024, "maxPicturePixels": 64_000_000}


# -------------------------------------------------------------------------------- description


def described() -> dict[str, Any]:
    return json.loads(openapi.FILE.read_text("utf-8"))


def test_the_committed_description_is_the_real_one(tmp_path: Path) -> None:
    app = create_app(settings_for(tmp_path), graph=scripted.GRAPH)
    assert described() == app.openapi(), "run python -m assay.api.openapi"


def test_the_description_names_every_error_a_problem() -> None:
    for path in described()["paths"].values():
        for operation in path.values():
            for status, answer in operation["responses"].items():
                if status >= "400":
                    assert list(answer["content"]) == ["application/problem+json"]


def test_the_description_has_what_the_page_needs() -> None:
    schemas = described()["components"]["schemas"]
    assert {"AnalysisStatus", "Report", "StageUpdate", "Ended", "Problem"} <= set(schemas)
    assert set(schemas["AnalysisStatus"]["required"]) >= {
        "analysisId",
        "status",
        "percent",
        "stageName",
    }
    references = set(json.dumps(described()).split('"#/components/schemas/')[1:])
    assert {each.split('"')[0] for each in references} <= set(schemas)


def test_every_code_is_explained() -> None:
    explained = (Path(__file__).parents[3] / "docs" / "errors.md").read_text("utf-8")
    headings = {line[4:-1] for line in explained.splitlines() if line.startswith("## `")}
    assert headings == set(STATUS)


def test_the_api_loads_no_training_code() -> None:
    code = "import sys, assay.api.app; print({'torch', 'librosa', 'c2pa'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
