"""HTTP: thin routes over `jobs/service.py`, problem+json, server-sent events, the dashboard."""
