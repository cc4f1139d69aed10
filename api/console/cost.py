"""What a case has cost in calls to a language model, in one line for a person."""

from collections.abc import Sequence

from brain.domain.model_call import ModelCall


def in_a_line(calls: Sequence[ModelCall]) -> str:
    """Such as: 3 model calls, 1,240 tokens, 4.1 s, qwen-7b."""
    tokens = sum(each.tokens_in + each.tokens_out for each in calls)
    seconds = sum(each.seconds for each in calls)
    models = dict.fromkeys(each.model for each in calls if each.model)
    count = "1 model call" if len(calls) == 1 else f"{len(calls)} model calls"
    return ", ".join((count, f"{tokens:,} tokens", f"{seconds:.1f} s", *models))
