"""Measurements that depend on the machine, and so are no tests."""
