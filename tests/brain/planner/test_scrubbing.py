"""The patterns find what they are for, and end in good time on any text."""

import time

import pytest

from brain.planner.scrubbing import KNOWN_FORMS, SECRET


@pytest.mark.parametrize(
    "text",
    ["a" * 20_000, "1 " * 10_000, "password " * 2_000, "'\"" * 5_000, "::" * 5_000, "a." * 9_000],
)
def test_no_text_makes_a_pattern_run_away(text: str) -> None:
    began = time.perf_counter()

    for _, form in KNOWN_FORMS:
        form.sub("", text[:4_000])
    SECRET.sub("", text[:4_000])

    assert time.perf_counter() - began < 1


def test_every_form_names_what_it_takes_out() -> None:
    assert all("what" in form.groupindex for _, form in KNOWN_FORMS)


@pytest.mark.parametrize(
    "text",
    [
        "the password was forgotten",
        "password lost",
        "wachtwoord is weg",
        "le mot de passe est oublié",
        "das Passwort ist falsch",
        "the wifi key is wrong",
    ],
)
def test_ordinary_words_after_password_are_no_secret(text: str) -> None:
    assert SECRET.search(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "the passphrase is {}",
        "password they want: {}",
        "le mot de passe est {}",
        "la clé wifi est {}",
        "la clé du wifi : {}",
        "das Passwort lautet {}",
        "der WLAN-Schlüssel ist {}",
        "het wachtwoord wordt {}",
        "de wifi-code is {}",
        "la contraseña es {}",
        "la clave de red es {}",
    ],
)
def test_what_follows_a_secrets_name_is_taken_out_in_five_languages(text: str) -> None:
    assert "sonnenblume" not in SECRET.sub("", text.format("sonnenblume"))


@pytest.mark.parametrize(
    "text", ["Mme Dubois", "il s'appelle Dubois", "sie heißt Dubois", "monsieur Dubois rappelle"]
)
def test_names_are_told_by_what_stands_before_them(text: str) -> None:
    taken = [found["what"] for kind, form in KNOWN_FORMS for found in form.finditer(text)]

    assert "Dubois" in " ".join(taken)
