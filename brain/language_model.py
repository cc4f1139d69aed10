"""The language model that the settings name."""

import os

from brain.planner.llm import LlmLimits, OpenAiModel
from brain.settings import Settings


def language_model(settings: Settings) -> OpenAiModel | None:
    """The model that the settings name; None when rules alone plan. Close it after use."""
    if not settings.llm_configured:
        return None
    patience = settings.llm_timeout.total_seconds()
    return OpenAiModel(
        model=settings.llm_model,
        base_url=settings.llm_base_url,
        api_key=os.environ.get("OPENAI_API_KEY", ""),
        limits=LlmLimits(timeout=patience, question_seconds=2 * patience),
    )
