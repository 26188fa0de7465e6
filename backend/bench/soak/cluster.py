"""PostgreSQL and a bucket, two servers, three workers; one of each is killed."""

import time
from pathlib import Path

from bench.soak.load import Told, meanwhile, outcomes, submit
from bench.soak.service import Service
from tests.jobs.postgres import postgres
from tests.jobs.s3 import bucket


def cluster(folder: Path, jobs: int) -> Told:
    """Jobs to both servers while things go down."""
    with postgres() as database, bucket():
        shared = {
            "ASSAY_DATABASE_URL": database.url.get_secret_value(),
            "ASSAY_MEDIA_URL": "s3://media/soak",
        }
        first = Service(folder / "first", **shared)
        second = Service(folder / "second", **shared)
        try:
            first.start()
            second.start()
            workers = [first.start_worker() for _ in range(3)]

            def strike() -> None:
                time.sleep(10)
                workers[0].kill()
                time.sleep(3)
                second.server.kill()
                time.sleep(3)
                database.stop()
                time.sleep(5)
                database.start()
                second.server.wait()
                second.start()

            with meanwhile(strike):
                sent = [
                    submit(service, jobs // 2, crowd=2, first=number * 10_000, ticks=3, delay=0.1)
                    for number, service in enumerate((first, second))
                ]
                more = submit(second, 5, first=90_000)
            ids = [each for some in (*sent, more) for each in some.ids]
            lost = outcomes(first, ids)
            if len(set(ids)) != 2 * (jobs // 2) + 5:
                lost.append("some were not accepted")
        finally:
            second.stop()
            first.stop()
    answers = {str(number): dict(some.answers) for number, some in enumerate(sent)}
    return Told(
        load=f"{len(ids)} jobs, two servers, three workers, PostgreSQL, S3",
        survived="kill -9 of a worker and of a server, PostgreSQL down for 5 s",
        lost=lost,
        figures=f"answers {answers}",
    )
