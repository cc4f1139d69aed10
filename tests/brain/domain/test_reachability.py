"""Which way to wake a device is tried first."""

from datetime import UTC, datetime, timedelta

from brain.domain.identity import DeviceId, TenantId
from brain.domain.reachability import Reachability, Tried, Way

NOW = datetime(2026, 1, 1, tzinfo=UTC)
NOTHING = Reachability(tenant=TenantId("t"), device=DeviceId("d"))


def test_a_device_that_nobody_woke_is_asked_the_standard_way_first() -> None:
    assert NOTHING.order([Way.XMPP, Way.UDP, Way.HTTP]) == [Way.HTTP, Way.UDP, Way.XMPP]


def test_what_worked_last_comes_first() -> None:
    known = NOTHING.noted(Way.XMPP, Tried().worked(NOW)).noted(
        Way.UDP, Tried().worked(NOW - timedelta(days=1))
    )

    assert known.order(Way) == [Way.XMPP, Way.UDP, Way.HTTP]


def test_what_failed_comes_last_and_is_still_tried() -> None:
    known = NOTHING.noted(Way.HTTP, Tried().failed(NOW, "silent"))

    assert known.order(Way) == [Way.UDP, Way.XMPP, Way.HTTP]


def test_a_way_that_worked_once_and_fails_now_gives_way() -> None:
    tried = Tried().worked(NOW).failed(NOW + timedelta(hours=1), "silent")

    assert NOTHING.noted(Way.HTTP, tried).order([Way.HTTP, Way.UDP]) == [Way.UDP, Way.HTTP]


def test_what_failed_less_comes_before_what_failed_more() -> None:
    once = Tried().failed(NOW, "silent")
    known = NOTHING.noted(Way.HTTP, once.failed(NOW, "silent")).noted(Way.UDP, once)

    assert known.order([Way.HTTP, Way.UDP]) == [Way.UDP, Way.HTTP]


def test_a_way_that_works_again_has_no_failures() -> None:
    tried = Tried().failed(NOW, "silent").worked(NOW)

    assert (tried.failures, tried.reason) == (0, "")
