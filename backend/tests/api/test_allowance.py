"""Windows of requests, under a clock of the test's own."""

from assay.api.allowance import Allowances
from assay.jobs.keys import Key


def key(name: str, per_minute: int) -> Key:
    return Key(name, name, "", frozenset(), 0, None, None, per_minute, None)


def test_a_window_begins_anew_after_a_minute() -> None:
    now = 100.0
    allowances = Allowances(lambda: now)
    one = key("one", 2)
    assert [allowances.refusal(one) is None for _ in range(3)] == [True, True, False]
    assert allowances.headers(one)[1] == (b"ratelimit", b'"requests";r=0;t=60')
    now += 59.5
    refusal = allowances.refusal(one)
    assert refusal is not None
    assert refusal.retry_after == 1
    now += 0.5
    assert allowances.refusal(one) is None
    assert allowances.headers(one)[1] == (b"ratelimit", b'"requests";r=1;t=60')


def test_keys_do_not_count_for_each_other() -> None:
    allowances = Allowances(lambda: 0.0)
    assert allowances.refusal(key("one", 1)) is None
    assert allowances.refusal(key("two", 1)) is None
    assert allowances.refusal(key("one", 1)) is not None
