"""The patterns find what they are for, and end in good time on any text."""

import time

import pytest

from brain.planner.scrubbing import KNOWN_FORMS


@pytest.mark.parametrize(
    "text",
    ["a" * 20_000, "1 " * 10_000, "password " * 2_000, "'\"" * 5_000, "::" * 5_000, "a." * 9_000],
)
def test_no_text_makes_a_pattern_run_away(text: str) -> None:
    began = time.perf_counter()

    for _, form in KNOWN_FORMS:
        form.sub("", text[:4_000])

    assert time.perf_counter() - began < 1


def test_every_form_names_what_it_takes_out() -> None:
    assert all("what" in form.groupindex for _, form in KNOWN_FORMS)


@pytest.mark.parametrize(
    "text", ["Mme Dubois", "il s'appelle Dubois", "sie heißt Dubois", "monsieur Dubois rappelle"]
)
def test_names_are_told_by_what_stands_before_them(text: str) -> None:
    taken = [found["what"] for kind, form in KNOWN_FORMS for found in form.finditer(text)]

    assert "Dubois" in " ".join(taken)
