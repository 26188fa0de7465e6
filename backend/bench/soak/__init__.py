"""The service under load and faults, in real processes.

`make soak`, or

    python -m bench.soak [SCENARIO ...] [--jobs 200] [--write ../docs/reliability.md]

Everything around the analysis is the real thing: server, worker, analysis process, database. The
analysis itself is the scripted one of the tests, so that seconds of load are many jobs.
"""
