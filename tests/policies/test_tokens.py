"""Rego source, cut into words."""

import pytest

from policies.tokens import tokens


def test_names_keep_their_dots_and_know_their_depth() -> None:
    found = [(word.kind, word.text, word.depth) for word in tokens("a if { object.get(x, 1) }")]

    assert found == [
        ("name", "a", 0),
        ("name", "if", 0),
        ("sign", "{", 0),
        ("name", "object.get", 1),
        ("sign", "(", 1),
        ("name", "x", 2),
        ("sign", ",", 2),
        ("number", "1", 2),
        ("sign", ")", 1),
        ("sign", "}", 0),
    ]


def test_comments_and_texts_hide_nothing() -> None:
    found = [word.text for word in tokens('# http.send()\n"# not a comment" http.send')]

    assert found == ['"# not a comment"', "http.send"]


def test_a_line_is_counted_across_raw_texts() -> None:
    assert [(word.text, word.line) for word in tokens("`a\nb`\nc")] == [("`a\nb`", 1), ("c", 3)]


def test_glued_words_are_told_from_parted_ones() -> None:
    assert [word.glued for word in tokens("f(x) g (y)")] == [
        *[False, True, True, True],
        *[False, False, True, True],
    ]


@pytest.mark.parametrize("source", ["a ? b", "package x\n\x00", '"open', "`open", "é"])
def test_what_it_does_not_know_is_an_error(source: str) -> None:
    with pytest.raises(ValueError, match=r"line \d"):
        list(tokens(source))
