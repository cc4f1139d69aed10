"""No secret is written down, whatever it is called and wherever it sits."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.redaction import REDACTED, Redactor

REDACTOR = Redactor(["acs-pa55word"])
SECRETS = st.text(alphabet="abcdefghijklmnopqrstuvwxyzABCDEF0123456789_-", min_size=12, max_size=40)


@pytest.mark.parametrize(
    "name",
    [
        "password",
        "acs_password",
        "KeyPassphrase",
        "PreSharedKey",
        "WEPKey",
        "token",
        "Authorization",
        "Set-Cookie",
        "api_key",
        "client_secret",
        "signature",
        "session_id",
    ],
)
def test_a_value_under_a_secret_name_is_masked(name: str) -> None:
    assert REDACTOR.clean({name: "hunter2hunter2"}) == {name: REDACTED}


def test_counts_and_ordinary_words_are_left_alone() -> None:
    event = {"output_tokens": 12, "device": "00D09E-SN1", "path": "Device.WiFi.Radio.1.Channel"}

    assert REDACTOR.clean(event) == event


@pytest.mark.parametrize(
    "form",
    [
        "sent {} to the door",
        "Authorization: Bearer {}",
        "postgresql://gw:{}@db/gw",
        "KeyPassphrase={} was set",
        '{{"password": "{}"}}',
        "password: {}",
    ],
)
@settings(max_examples=25)
@given(secret=SECRETS)
def test_a_secret_is_known_by_its_form(form: str, secret: str) -> None:
    told = "gwt_" + secret if form.startswith("sent") else secret

    assert secret not in REDACTOR.text(form.format(told))


def test_a_private_key_is_cut_out_even_when_its_end_is_missing() -> None:
    text = "key: -----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2Vw\n"

    assert "MC4C" not in REDACTOR.text(text)


def test_a_secret_it_was_told_of_is_masked_anywhere() -> None:
    nested = {"answer": ["the device said acs-pa55word", {"deep": ("acs-pa55word",)}]}

    assert "acs-pa55word" not in str(REDACTOR.clean(nested))


def test_what_it_was_given_is_not_changed() -> None:
    given_ = {"password": "hunter2hunter2"}

    REDACTOR.clean(given_)

    assert given_ == {"password": "hunter2hunter2"}
