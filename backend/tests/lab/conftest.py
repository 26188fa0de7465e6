"""The lab's tests need what the lab needs: without torch they are not collected."""

from importlib.util import find_spec

collect_ignore_glob = [] if find_spec("torch") else ["*"]
