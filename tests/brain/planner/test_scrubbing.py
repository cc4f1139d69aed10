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
    "text", ["the password was forgotten", "password lost", "wachtwoord is weg"]
)
def test_ordinary_words_after_password_are_no_secret(text: str) -> None:
    assert SECRET.search(text) is None
