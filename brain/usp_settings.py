"""What an operator can set about devices that come over USP; a part of ``brain.settings``."""

from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings


class UspSettings(BaseSettings):
    """Off as shipped: each agent proves its endpoint, to us or to the broker."""

    usp: bool = False
    """Whether devices may also come over USP (TR-369). Not all of it is there yet."""
    usp_host: str = "0.0.0.0"  # noqa: S104 - agents come from outside; each proves its endpoint
    usp_port: int = Field(8183, ge=0, le=65535)
    """Agents connect to ``wss://HOST:PORT/usp``."""
    usp_endpoint_id: str = "self::gatewright"
    """How this controller names itself; agents are provisioned with it."""
    usp_certificate: Path | None = None
    """This controller's certificate with its chain, as PEM."""
    usp_key: Path | None = None
    """Its key; empty where the certificate's file holds it."""
    usp_agents_ca: Path | None = None
    """Who signs agents' certificates, as PEM: nobody else comes in."""
    usp_insecure: bool = False
    """Whether agents come unencrypted, as whoever they say they are: for a bench alone."""
    usp_mqtt_host: str = ""
    """The MQTT broker that agents may also speak through; empty: none."""
    usp_mqtt_port: int = Field(8883, ge=1, le=65535)
    usp_mqtt_user: str = ""
    """Who we are there; it may hear and tell every agent."""
    usp_mqtt_password: SecretStr = SecretStr("")
    usp_mqtt_ca: Path | None = None
    """Who signs the broker's certificate, as PEM; empty: whom the system trusts."""
    usp_mqtt_version: Literal["5", "3.1.1"] = "5"
    usp_mqtt_topic: str = Field("usp", pattern=r"^[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*$")
    """What the topics of agents begin with."""
    usp_mqtt_client: str = Field("gatewright", pattern=r"^[A-Za-z0-9_.-]{1,64}$")
    """This controller among those on the broker: no two may bear the same."""
    usp_mqtt_group: str = Field("gatewright", pattern=r"^[A-Za-z0-9_.-]{0,64}$")
    """Controllers of one group share what agents say (MQTT 5 alone); empty: each hears all."""
    usp_stomp_host: str = ""
    """The STOMP broker (RabbitMQ) that agents may also speak through; empty: none."""
    usp_stomp_port: int = Field(61614, ge=1, le=65535)
    usp_stomp_user: str = ""
    """Who we are there; it may hear and tell every agent."""
    usp_stomp_password: SecretStr = SecretStr("")
    usp_stomp_ca: Path | None = None
    """Who signs the broker's certificate, as PEM; empty: whom the system trusts."""
    usp_stomp_vhost: str = "/"
    """The virtual host there."""
    usp_stomp_topic: str = Field("usp", pattern=r"^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$")
    """What the destinations of agents begin with, after ``/topic/``."""
    usp_stomp_client: str = Field("gatewright", pattern=r"^[A-Za-z0-9_-]{1,64}$")
    """This controller among those on the broker: no two may bear the same."""
    usp_stomp_group: str = Field("gatewright", pattern=r"^[A-Za-z0-9_-]{0,64}$")
    """Controllers of one group share what agents say; empty: each hears all."""

    @model_validator(mode="after")
    def _agents_prove_who_they_are(self) -> Self:
        """Where agents come in, they are known by certificates of the operator's."""
        if self.usp and not self.usp_insecure and not (self.usp_certificate and self.usp_agents_ca):
            raise ValueError(
                "GATEWRIGHT_USP needs GATEWRIGHT_USP_CERTIFICATE and GATEWRIGHT_USP_AGENTS_CA"
            )
        if self.usp_mqtt_host and not self.usp:
            raise ValueError("GATEWRIGHT_USP_MQTT_HOST needs GATEWRIGHT_USP")
        if self.usp_stomp_host and not self.usp:
            raise ValueError("GATEWRIGHT_USP_STOMP_HOST needs GATEWRIGHT_USP")
        return self
