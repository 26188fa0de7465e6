"""Durable execution: the rows of an analysis, its event stream, its files, and who runs it.

`service.py` is what the API asks, `runs.py` what a worker writes, both on `database.py`;
`media_store.py` holds uploads and artefacts in a folder, `bucket_store.py` in a bucket;
`tracking.py` turns stage events into what people see. `worker.py` dequeues with DBOS, `process.py`
confines the analysis itself to a child process, `supervisor.py` keeps a worker alive beside the
API.
"""
