"""What an identity provider says is believed only if it is its own, for us, now, and for this."""

from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator
from dataclasses import replace
from hashlib import sha256
from hmac import digest as hmac_digest
from typing import Any

import pytest

from api.oidc import Identity, OidcOptions, Provider
from api.problems import NotReady, Unauthenticated
from brain.ids import utc_now
from tests.api.lying import CLIENT, KEY, SECRET, STRANGERS, Lying, lying_provider
from tests.conftest import FakeClock


@pytest.fixture
async def lying() -> AsyncIterator[Lying]:
    async with lying_provider() as made:
        yield made


def ours(lying: Lying, **more: Any) -> Provider:
    options = OidcOptions(
        issuer=lying.issuer,
        client_id=CLIENT,
        client_secret=SECRET,
        redirect_uri="http://gw/sign-in/oidc/callback",
    )
    return Provider(replace(options, **more), utc_now)


async def signed_in(lying: Lying, provider: Provider | None = None, **sent: str) -> Identity:
    provider = provider or ours(lying)
    started = await provider.begin()
    return await provider.finish(started, {**lying.authorize(started.url), **sent})


async def test_whoever_the_provider_vouches_for_is_known_by_issuer_and_subject(
    lying: Lying,
) -> None:
    identity = await signed_in(lying)

    assert (identity.subject, identity.name, identity.groups) == ("248289761001", "ana", ("desk",))
    assert identity.principal.startswith("oidc:")
    assert replace(identity, name="ben").principal == identity.principal
    assert replace(identity, subject="2").principal != identity.principal
    assert replace(identity, issuer="https://other").principal != identity.principal


async def test_the_code_is_bound_to_this_sign_in_by_pkce(lying: Lying) -> None:
    provider = ours(lying)
    started = await provider.begin()
    await provider.finish(started, lying.authorize(started.url))

    (asked,) = lying.asked
    proof = urlsafe_b64encode(sha256(asked["code_verifier"][0].encode()).digest())
    assert proof.rstrip(b"=").decode() == lying.challenge
    assert "code_challenge_method=S256" in started.url
    assert started.verifier not in started.url


@pytest.mark.parametrize(
    "lie",
    [
        {"nonce": "of another sign-in"},
        {"nonce": None},
        {"aud": "another-client"},
        {"aud": ["another-client", "gatewright"]},
        {"aud": ["gatewright"], "azp": "another-client"},
        {"aud": None},
        {"iss": "https://accounts.evil.example"},
        {"iss": None},
        {"exp": 1_700_000_000},
        {"exp": None},
        {"iat": 4_000_000_000},
        {"nbf": 4_000_000_000},
        {"sub": None},
        {"sub": ""},
        {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
    ],
    ids=str,
)
async def test_claims_that_are_not_for_us_now_and_this_are_refused(
    lying: Lying, lie: dict[str, Any]
) -> None:
    def told(claims: dict[str, Any]) -> None:
        claims.update(lie)
        for name in [name for name, value in lie.items() if value is None]:
            del claims[name]

    lying.lie = told

    with pytest.raises(Unauthenticated):
        await signed_in(lying)


async def test_a_token_signed_by_another_key_is_refused(lying: Lying) -> None:
    lying.key = STRANGERS

    with pytest.raises(Unauthenticated):
        await signed_in(lying)


async def test_a_key_that_the_provider_does_not_have_is_refused(lying: Lying) -> None:
    lying.key, lying.kid = STRANGERS, "another"

    with pytest.raises(Unauthenticated):
        await signed_in(lying)


async def test_an_unsigned_token_is_refused_though_the_provider_says_it_signs_so(
    lying: Lying,
) -> None:
    lying.answer = lambda token: {**token, "id_token": unsigned(token["id_token"])}

    with pytest.raises(Unauthenticated):
        await signed_in(lying)


@pytest.mark.parametrize("secret", [SECRET.encode(), KEY.as_pem(private=False)])
async def test_a_token_signed_with_what_others_know_is_refused(lying: Lying, secret: bytes) -> None:
    lying.answer = lambda token: {**token, "id_token": signed_by(secret, token["id_token"])}

    with pytest.raises(Unauthenticated):
        await signed_in(lying)


@pytest.mark.parametrize(
    "answer", [{}, {"error": "invalid_grant"}, {"access_token": "at", "token_type": "Bearer"}]
)
async def test_an_answer_without_a_token_is_refused(lying: Lying, answer: dict[str, Any]) -> None:
    lying.answer = lambda _token: answer

    with pytest.raises(Unauthenticated):
        await signed_in(lying)


@pytest.mark.parametrize(
    "sent",
    [
        {"state": ""},
        {"state": "guessed"},
        {"code": ""},
        {"error": "access_denied"},
        {"iss": "https://evil"},
    ],
    ids=str,
)
async def test_what_another_sign_in_brought_back_is_refused_and_no_code_is_spent(
    lying: Lying, sent: dict[str, str]
) -> None:
    with pytest.raises(Unauthenticated):
        await signed_in(lying, **sent)

    assert lying.asked == []


async def test_a_provider_that_always_names_itself_has_to(lying: Lying) -> None:
    lying.metadata = {"authorization_response_iss_parameter_supported": True}

    with pytest.raises(Unauthenticated):
        await signed_in(lying)
    assert (await signed_in(lying, iss=lying.issuer)).name == "ana"


@pytest.mark.parametrize(
    "metadata",
    [
        {"issuer": "https://accounts.evil.example"},
        {"token_endpoint": None},
        {"id_token_signing_alg_values_supported": ["none", "HS256"]},
    ],
    ids=str,
)
async def test_a_provider_that_describes_another_is_not_used(
    lying: Lying, metadata: dict[str, Any]
) -> None:
    lying.metadata = metadata

    with pytest.raises(NotReady):
        await ours(lying).begin()


async def test_what_else_the_description_says_does_not_steer_our_client(lying: Lying) -> None:
    lying.metadata = {"verify": False, "trust_env": False, "base_url": "http://evil", "auth": "x"}

    assert (await signed_in(lying)).name == "ana"


async def test_a_provider_that_is_away_is_told_apart_from_one_that_refuses(lying: Lying) -> None:
    with pytest.raises(NotReady):
        await ours(lying, issuer="http://127.0.0.1:1").begin()


async def test_groups_may_come_from_userinfo_of_the_same_person_only(lying: Lying) -> None:
    lying.lie = lambda claims: claims.pop("groups") and None
    lying.userinfo = {"sub": "248289761001", "groups": ["leads"]}
    assert (await signed_in(lying)).groups == ("leads",)

    lying.userinfo = {"sub": "somebody else", "groups": ["leads"]}
    with pytest.raises(Unauthenticated):
        await signed_in(lying)


@pytest.mark.parametrize(
    ("said", "groups"),
    [(["a", 1, None, ["b"]], ("a",)), ("one", ("one",)), ({"a": "b"}, ()), (7, ())],
)
async def test_only_texts_are_groups(lying: Lying, said: object, groups: tuple[str, ...]) -> None:
    lying.lie = lambda claims: claims.update(groups=said)

    assert (await signed_in(lying)).groups == groups


async def test_the_description_is_read_again_after_an_hour(lying: Lying, clock: FakeClock) -> None:
    provider = Provider(ours(lying).options, clock)
    await provider.begin()
    lying.metadata = {"issuer": "https://accounts.evil.example"}
    await provider.begin()
    clock.advance(hours=1)

    with pytest.raises(NotReady):
        await provider.begin()


_NONE, _SHARED = b'{"alg":"none","kid":"own"}', b'{"alg":"HS256","kid":"own"}'


def unsigned(token: str) -> str:
    return f"{encoded(_NONE)}.{token.split('.')[1]}."


def signed_by(secret: bytes, token: str) -> str:
    """With HMAC: what a client does that takes a public key for a shared secret."""
    text = f"{encoded(_SHARED)}.{token.split('.')[1]}"
    return f"{text}.{encoded(hmac_digest(secret, text.encode(), 'sha256'))}"


def encoded(part: bytes) -> str:
    return urlsafe_b64encode(part).rstrip(b"=").decode()
