import datetime as dt

from confrere.post.rules import PAUSES, next_try

NOW = dt.datetime(2026, 3, 3, 17, 30, tzinfo=dt.UTC)


def test_attempts_grow_apart_over_two_days_and_then_end() -> None:
    assert next_try(attempts=1, now=NOW) == NOW + dt.timedelta(minutes=1)
    assert next_try(attempts=12, now=NOW) == NOW + dt.timedelta(hours=16)
    assert next_try(attempts=13, now=NOW) is None
    assert dt.timedelta(minutes=sum(PAUSES)) > dt.timedelta(days=1, hours=23)
