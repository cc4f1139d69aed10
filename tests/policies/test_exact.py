"""What engines would read differently is asked of none of them."""

import pytest

from brain.domain.canonical import Json
from brain.domain.errors import PolicyUnavailable
from policies.exact import check

WHOLE: list[Json] = [
    None,
    True,
    0,
    -(2**53),
    2**53,
    16.0,
    0.954,
    1e-6,
    -1.5,
    "",
    'é☃"\\\x00',
    [],
    {},
]
ALTERED: list[Json] = [
    2**53 + 1,
    -(2**53) - 1,
    1e-7,
    0.1 + 0.2,
    5e-324,
    1e308,
    float("nan"),
    float("inf"),
    "\ud800",
    "ok\udfff",
]


@pytest.mark.parametrize("value", WHOLE, ids=ascii)
def test_what_every_engine_reads_alike_is_asked(value: Json) -> None:
    check({"a": [value, {"b": value}]})


@pytest.mark.parametrize("value", ALTERED, ids=ascii)
def test_what_an_engine_would_alter_is_not_asked(value: Json) -> None:
    for asked in (value, [value], {"a": [{"b": value}]}):
        with pytest.raises(PolicyUnavailable):
            check(asked)


def test_names_are_texts_too() -> None:
    with pytest.raises(PolicyUnavailable, match="not Unicode"):
        check({"a": {"\udc00": 1}})


def test_what_is_nested_too_deeply_is_not_asked() -> None:
    def nested(levels: int) -> Json:
        return [nested(levels - 1)] if levels else 1

    check(nested(32))
    with pytest.raises(PolicyUnavailable, match="nested"):
        check(nested(33))
