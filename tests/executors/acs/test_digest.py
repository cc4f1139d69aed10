"""Who is let in, and that nothing can be sent twice."""

from base64 import b64encode
from collections.abc import Callable

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from executors.acs.digest import Admission, Doorkeeper
from executors.acs.nonces import Nonces, numbered


class Seconds:
    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


def doorkeeper(
    seconds: Callable[[], float] | None = None,
    *,
    basic: bool = False,
    algorithms: tuple[str, ...] = ("MD5", "SHA-256"),
) -> Doorkeeper:
    nonces = Nonces(
        secret=b"k" * 32, seconds=seconds or Seconds(), unique=lambda: "r" * 16, life=300
    )
    return Doorkeeper(
        username="homes", password="pä:ss", nonces=nonces, basic=basic, algorithms=algorithms
    )


def answer(keeper: Doorkeeper, auth: httpx.Auth, *, stale: bool = False) -> list[str]:
    """What a real client sends after our challenge, on its second and its third request."""
    request = httpx.Request("POST", "http://acs/")
    flow = auth.auth_flow(request)
    next(flow)
    headers = [("www-authenticate", each) for each in keeper.challenges(stale=stale)]
    first = flow.send(httpx.Response(401, headers=headers, request=request))
    said = [first.headers["authorization"]]
    again = next(auth.auth_flow(httpx.Request("POST", "http://acs/")))
    return [*said, again.headers["authorization"]]


@pytest.mark.parametrize("algorithm", ["MD5", "SHA-256"])
def test_a_real_client_is_let_in_twice_on_one_nonce(algorithm: str) -> None:
    keeper = doorkeeper(algorithms=(algorithm,))

    first, second = answer(keeper, httpx.DigestAuth("homes", "pä:ss"))

    assert f"algorithm={algorithm}" in first
    assert keeper.check("POST", "/", first) is Admission.GRANTED
    assert keeper.check("POST", "/", second) is Admission.GRANTED


@pytest.mark.parametrize(("name", "password"), [("homes", "wrong"), ("other", "pä:ss"), ("", "")])
def test_a_wrong_name_or_password_is_refused(name: str, password: str) -> None:
    keeper = doorkeeper()

    first, _ = answer(keeper, httpx.DigestAuth(name, password))

    assert keeper.check("POST", "/", first) is Admission.REFUSED


def test_a_replay_is_stale() -> None:
    keeper = doorkeeper()
    first, second = answer(keeper, httpx.DigestAuth("homes", "pä:ss"))
    keeper.check("POST", "/", second)

    assert keeper.check("POST", "/", second) is Admission.STALE
    assert keeper.check("POST", "/", first) is Admission.STALE


def test_an_old_nonce_is_stale_and_says_so_in_the_new_challenge() -> None:
    seconds = Seconds()
    keeper = doorkeeper(seconds)
    first, _ = answer(keeper, httpx.DigestAuth("homes", "pä:ss"))

    seconds.now += 302

    assert keeper.check("POST", "/", first) is Admission.STALE
    assert all("stale=true" in each for each in keeper.challenges(stale=True))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("qop=auth", "qop=auth-int"),
        ("qop=auth", "x=y"),
        ("nc=00000001", "nc=1"),
        ("nc=00000001", "nc=00000002"),
        ('uri="/"', 'uri="/other"'),
        ('realm="gatewright"', 'realm="x"'),
        ('username="homes"', 'username="other"'),
        ("algorithm=MD5", "algorithm=MD5-sess"),
        ('nonce="', 'nonce="0'),
        ("Digest ", "Digestive "),
    ],
)
def test_a_header_changed_anywhere_is_not_let_in(old: str, new: str) -> None:
    keeper = doorkeeper()
    first, _ = answer(keeper, httpx.DigestAuth("homes", "pä:ss"))
    assert old in first

    assert keeper.check("POST", "/", first.replace(old, new)) is not Admission.GRANTED


def test_a_header_for_another_method_or_path_is_refused() -> None:
    keeper = doorkeeper()
    first, _ = answer(keeper, httpx.DigestAuth("homes", "pä:ss"))

    assert keeper.check("GET", "/", first) is Admission.REFUSED
    assert keeper.check("POST", "/x", first) is Admission.REFUSED


def test_a_nonce_of_another_installation_is_not_taken() -> None:
    other = Nonces(secret=b"x" * 32, seconds=Seconds(), unique=lambda: "r" * 16, life=300)
    ours = Nonces(secret=b"k" * 32, seconds=Seconds(), unique=lambda: "r" * 16, life=300)

    assert not ours.take(other.new(), 1)
    assert not ours.take("", 1)
    assert ours.take(ours.new(), 1)


def test_a_nonce_that_had_to_be_forgotten_is_stale_and_not_fresh() -> None:
    seconds = Seconds()
    nonces = Nonces(secret=b"k", seconds=seconds, unique=lambda: "r" * 16, life=300, remembered=1)
    first = nonces.new()
    assert nonces.take(first, 1)
    seconds.now += 1
    second = nonces.new()
    assert nonces.take(second, 1)

    assert not nonces.take(first, 1)
    assert not nonces.take(first, 2)
    assert nonces.take(second, 2)


def test_basic_is_let_in_only_where_it_is_hidden() -> None:
    said = f"Basic {b64encode('homes:pä:ss'.encode()).decode()}"

    assert doorkeeper().check("POST", "/", said) is Admission.REFUSED
    assert doorkeeper(basic=True).check("POST", "/", said) is Admission.GRANTED
    wrong = f"Basic {b64encode(b'homes:no').decode()}"
    assert doorkeeper(basic=True).check("POST", "/", wrong) is Admission.REFUSED
    assert not any("Basic" in each for each in doorkeeper().challenges(stale=False))


@given(st.text(max_size=200))
@settings(max_examples=100, deadline=None)
def test_whatever_is_said_is_refused_and_never_breaks(said: str) -> None:
    keeper = doorkeeper(basic=True)

    for scheme in ("", "Digest ", "Basic ", 'Digest username="homes", qop=auth, nc=00000001, '):
        assert keeper.check("POST", "/", scheme + said) is Admission.REFUSED


def test_no_two_nonces_are_the_same_in_one_process_or_in_two() -> None:
    ours, theirs = numbered(), numbered()
    given = [unique() for unique in (ours, theirs) for _ in range(1000)]

    assert len({*given}) == 2000
    assert {len(each) for each in given} == {16}
