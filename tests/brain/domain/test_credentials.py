"""Which passwords a device may come with, from the factory to its own and through a reset."""

import pytest

from brain.domain.credentials import DeviceCredentials, Held, Passwords
from brain.domain.identity import DeviceId, TenantId

FIRST, SECOND = Passwords(own="sesame", wake="w1"), Passwords(own="two", wake="w2")
NEW = DeviceCredentials(device=DeviceId("d"), tenant=TenantId("t"), username="d")
ENROLLED = NEW.offer(FIRST).seen()


def good(credentials: DeviceCredentials, *, reset: bool = False) -> set[Held]:
    return {held for held in Held if credentials.may_come_with(held, reset=reset)}


def test_a_new_device_comes_with_the_shared_password() -> None:
    assert Held.SHARED in good(NEW)
    assert list(NEW.passwords()) == []


def test_one_registered_with_a_password_of_its_own_does_not_come_with_the_shared_one() -> None:
    own = DeviceCredentials(
        device=DeviceId("d"), tenant=TenantId("t"), username="d", factory="from the works"
    )

    assert good(own) >= {Held.FACTORY}
    assert Held.SHARED not in good(own, reset=True)
    assert list(own.passwords()) == [(Held.FACTORY, "from the works")]


def test_after_a_reset_it_comes_with_the_password_from_the_factory_again() -> None:
    registered = DeviceCredentials(
        device=DeviceId("d"), tenant=TenantId("t"), username="d", factory="from the works"
    )
    enrolled = registered.offer(FIRST).seen()

    assert Held.FACTORY not in good(enrolled)
    assert Held.FACTORY in good(enrolled, reset=True)
    assert Held.SHARED not in good(enrolled, reset=True)


def test_until_the_offered_password_was_seen_both_are_good() -> None:
    assert good(NEW.offer(FIRST)) >= {Held.SHARED, Held.OFFERED}
    assert good(ENROLLED.offer(SECOND)) >= {Held.CURRENT, Held.OFFERED}


def test_an_offer_that_stands_is_made_once_more_and_not_another() -> None:
    again = NEW.offer(FIRST).offer(SECOND)

    assert again.offered == FIRST
    assert again.tries == 2


def test_what_was_seen_is_the_only_one_that_is_good() -> None:
    assert ENROLLED.current == FIRST
    assert ENROLLED.offered is None
    assert good(ENROLLED) == {Held.CERTIFICATE, Held.CURRENT, Held.OFFERED}
    assert [held for held, _ in ENROLLED.passwords()] == [Held.CURRENT]


def test_after_a_reset_a_device_comes_as_it_did_the_first_time() -> None:
    assert Held.SHARED in good(ENROLLED, reset=True)


def test_a_password_that_was_replaced_is_known_and_never_good() -> None:
    twice = ENROLLED.offer(SECOND).seen()

    assert dict(twice.passwords()) == {Held.CURRENT: "two", Held.REPLACED: "sesame"}
    assert Held.REPLACED not in good(twice, reset=True)


def test_its_own_certificate_is_good_whatever_its_passwords_are() -> None:
    assert Held.CERTIFICATE in good(NEW) & good(ENROLLED) & good(ENROLLED.offer(SECOND))


def test_nothing_offered_is_nothing_seen() -> None:
    assert ENROLLED.seen() == ENROLLED


@pytest.mark.parametrize("secret", ["sesame", "w1", "works"])
def test_no_password_is_shown(secret: str) -> None:
    told = repr(
        DeviceCredentials(
            device=DeviceId("d"), tenant=TenantId("t"), username="d", factory="works", offered=FIRST
        )
    )

    assert secret not in told
