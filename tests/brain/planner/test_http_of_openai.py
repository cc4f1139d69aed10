"""The HTTP library is the one that the installed ``openai`` itself uses, whichever major it is."""

import openai

from brain.planner.http_of_openai import http


def test_it_is_the_library_under_the_client() -> None:
    theirs = {each.__module__.partition(".")[0] for each in openai.DefaultAsyncHttpxClient.__mro__}

    assert http.AsyncClient in openai.DefaultAsyncHttpxClient.__mro__
    assert http.__name__ in theirs


def test_it_goes_with_the_major() -> None:
    before_three = int(openai.__version__.partition(".")[0]) < 3

    assert http.__name__ == ("httpx" if before_three else "httpx2")
