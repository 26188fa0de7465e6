"""One file a subject. Routes parse, call the service and answer; nothing else."""
