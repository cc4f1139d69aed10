"""Ranges and sizes as a person would say them."""

from brain.datamodel.entry import Range, Size


def range_in_words(legal: Range) -> str:
    """``from 1 to 255``, ``of 1 or more``, ``up to 9 in steps of 3``."""
    low, high, step = legal
    if low is not None and low == high:
        return f"of exactly {low}"
    ends = {
        (True, True): f"from {low} to {high}",
        (True, False): f"of {low} or more",
        (False, True): f"up to {high}",
        (False, False): "of any size",
    }[low is not None, high is not None]
    return f"{ends} in steps of {step}" if step > 1 else ends


def size_in_words(legal: Size) -> str:
    """The same for a length or a count."""
    return range_in_words(Range(legal.low or None, legal.high))
