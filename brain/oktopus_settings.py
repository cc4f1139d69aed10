"""What an operator says of the Oktopus that devices on USP are changed through."""

from datetime import timedelta
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator

from brain.usp_settings import UspSettings


class OktopusSettings(UspSettings):
    """``GATEWRIGHT_OKTOPUS_*``; a part of all settings."""

    oktopus_url: str = ""
    """The controller of an Oktopus that devices on USP are changed through, such as
    ``http://10.0.0.6:8000``. Empty: none."""
    oktopus_email: str = ""
    oktopus_password: SecretStr | None = None
    """The account that Gatewright logs in with."""
    oktopus_mtp: Literal["any", "mqtt", "ws", "stomp"] = "any"
    """What devices are reached over."""
    oktopus_ca: Path | None = None
    """The certificates to trust instead of the system's, in PEM."""
    oktopus_poll_every: timedelta = Field(
        timedelta(seconds=60), ge=timedelta(), le=timedelta(hours=1)
    )
    """How often Oktopus is asked who is there; 0: never, and nobody enrols from there."""

    @model_validator(mode="after")
    def _oktopus_is_whole(self) -> Self:
        """It lets nobody in without an account."""
        if self.oktopus_url and not (self.oktopus_email and self.oktopus_password):
            raise ValueError("GATEWRIGHT_OKTOPUS_URL needs GATEWRIGHT_OKTOPUS_EMAIL and _PASSWORD")
        return self
