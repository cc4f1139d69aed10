"""What an operator can set, all from ``GATEWRIGHT_*`` environment variables."""

import os
import re
from collections.abc import Iterable
from datetime import timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_settings import SettingsConfigDict

from brain.domain.errors import InvalidInput, said_by
from brain.domain.identity import PrincipalId, TenantId
from brain.domain.known_bug import KnownBug
from brain.domain.remediation import Mode
from brain.oktopus_settings import OktopusSettings

_MINUTE = timedelta(minutes=1)


def default_data_dir() -> Path:
    """Where state lives unless told otherwise: the XDG data directory."""
    base = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(base) / "gatewright"


def _between(least: timedelta, most: timedelta) -> AfterValidator:
    """A duration outside of it would end what it is to limit before it began, or limit nothing."""

    def check(value: timedelta) -> timedelta:
        if not least <= value <= most:
            raise ValueError(f"is not between {_spoken(least)} and {_spoken(most)}")
        return value

    return AfterValidator(check)


def _spoken(span: timedelta) -> str:
    for unit, name in (
        (timedelta(days=1), "day"),
        (timedelta(hours=1), "hour"),
        (_MINUTE, "minute"),
    ):
        if span >= unit and not span % unit:
            return f"{span // unit} {name}{'' if span == unit else 's'}"
    seconds = span.total_seconds()
    return f"{seconds:g} second{'' if seconds == 1 else 's'}"


Kept = Annotated[timedelta, _between(timedelta(days=1), timedelta(days=3650))]
"""How long something is kept."""


class Settings(OktopusSettings):
    """Every setting, with the default that is right for one process on one machine."""

    model_config = SettingsConfigDict(env_prefix="GATEWRIGHT_", extra="ignore", frozen=True)

    data_dir: Path = Field(default_factory=default_data_dir)
    """All state: databases, keys, audit checkpoints, the first token."""
    database_url: str = ""
    """Empty for SQLite in the data directory, or ``postgresql://user@host/name``."""
    timezone: str = "UTC"
    """The IANA zone that windows and freezes are meant in, such as ``Europe/Berlin``."""
    tenant: TenantId = TenantId("default")
    """The tenant that devices enrol into and that local tokens are made for."""

    host: str = "127.0.0.1"
    port: int = Field(8080, ge=0, le=65535)
    """Console and API."""
    public_url: str = ""
    """Where people's browsers find the console, such as ``https://gatewright.example``. Empty: the
    address they came to. With ``https`` cookies are sent over nothing else."""
    trusted_proxies: tuple[str, ...] = ("127.0.0.1",)
    """Addresses whose ``X-Forwarded-For`` and ``X-Forwarded-Proto`` are believed."""
    session_idle: Annotated[timedelta, _between(timedelta(minutes=1), timedelta(days=1))] = (
        timedelta(hours=1)
    )
    """How long a signed-in browser may do nothing."""
    session_ttl: Annotated[timedelta, _between(timedelta(minutes=5), timedelta(days=30))] = (
        timedelta(hours=12)
    )
    """How long a browser stays signed in at most."""
    oidc_issuer: str = ""
    """The OpenID Connect provider that people sign in with; empty for none. What its groups are
    worth is policy data: ``identity.groups``."""
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr = SecretStr("")
    oidc_groups_claim: str = "groups"
    """The claim that lists a person's groups."""
    oidc_scopes: tuple[str, ...] = ("openid", "profile")
    oidc_name: str = "single sign-on"
    """What people call the provider: the button says ``Sign in with ...``."""
    token_ttl: timedelta = Field(timedelta(days=90), gt=timedelta())
    """How long an API token is valid that was made without saying so."""
    token_ttl_max: timedelta = Field(timedelta(days=365), gt=timedelta())
    """The longest that a token can be made for."""
    password_min_length: int = Field(15, ge=8, le=64)

    acs_host: str = "0.0.0.0"  # noqa: S104 - devices come from outside; they authenticate by digest
    acs_port: int = Field(7547, ge=0, le=65535)
    acs_doors: int = Field(0, ge=0, le=64)
    """Processes that hold devices' connections for the ACS; 0: it holds them itself."""
    acs_username: str = "gatewright"
    acs_password: SecretStr | None = None
    """What devices authenticate with. Empty: the one generated in the data directory."""
    acs_tls_certificate: Path | None = None
    acs_tls_key: Path | None = None
    acs_tls_clients: Path | None = None
    """PEM; the last: who signs devices' certificates. Without the first two: plain HTTP."""
    connection_request_username: str = "gatewright"
    connection_request_password: SecretStr | None = None
    """What devices ask of us when we wake them. Empty: the same as ``acs_password``."""
    enrol_unregistered: bool = False
    """Take in a device that nobody registered; otherwise it waits for a person."""
    stun_address: str = ""
    """Where devices find our STUN server (TR-069 annex G), name or IPv4 address; empty: none."""
    stun_port: int = Field(3478, ge=0, le=65535)
    xmpp_jid: str = ""
    """Who we are at an XMPP server, to wake devices of its domain (annex K); empty: nobody."""
    xmpp_password: SecretStr = SecretStr("")
    xmpp_host: str = ""
    inform_every: timedelta = Field(timedelta(hours=6), ge=_MINUTE, le=timedelta(days=7))
    """How often a device is told to call, when it is enrolled."""
    wake_timeout: Annotated[timedelta, _between(timedelta(seconds=1), timedelta(minutes=5))] = (
        timedelta(seconds=20)
    )
    """How long a woken device has to come, and to answer."""

    genieacs_url: str = ""
    """The northbound interface of a GenieACS that devices are changed through, such as
    ``http://10.0.0.5:7557``, with the path prefix of a proxy before it. Empty: our own ACS."""
    genieacs_username: str = ""
    genieacs_password: SecretStr | None = None
    """What a proxy before GenieACS asks for as basic authentication: it has none of its own."""
    genieacs_token: SecretStr | None = None
    """What such a proxy asks for as a bearer token."""
    genieacs_ca: Path | None = None
    """The certificates to trust instead of the system's, in PEM."""
    genieacs_poll_every: Annotated[timedelta, _between(timedelta(), timedelta(hours=1))] = (
        timedelta(seconds=30)
    )
    """How often GenieACS is asked who called; 0: never, and nobody enrols from there."""
    genieacs_files: str = ""
    """Where devices find the files that GenieACS serves, as its ``FS_URL_PREFIX`` has it, such as
    ``https://files.example/``. Empty: no firmware is fetched through it."""

    opa_url: str = ""
    """Empty for the embedded policy engine, or the address of an OPA server."""
    opa_token: SecretStr | None = None
    """What the OPA server asks for as a bearer token, when it asks for one."""
    opa_timeout: Annotated[
        timedelta, _between(timedelta(milliseconds=50), timedelta(seconds=30))
    ] = timedelta(seconds=1)
    policy_data: Path | None = None
    """The numbers of policy as this operator tuned them; empty for the shipped ones."""

    policy_replay: Annotated[timedelta, _between(timedelta(hours=1), timedelta(days=365))] = (
        timedelta(days=7)
    )
    """How much of the past other rules are held against before they become active."""
    adopt_policy: str = ""
    """The revision of the rules here, to go on with when the active ones are gone or unreadable."""

    llm_model: str = ""
    """The model to plan with; the server and key are ``OPENAI_BASE_URL`` and ``OPENAI_API_KEY``."""
    llm_timeout: Annotated[timedelta, _between(timedelta(seconds=1), timedelta(minutes=10))] = (
        timedelta(seconds=45)
    )

    llm_keep_prompts: bool = False
    """Whether what the model was shown is kept, pseudonymised and sealed, with each call."""

    resolvers: tuple[str, ...] = ("9.9.9.9", "149.112.112.112")
    """DNS resolvers the operator runs or trusts, best first."""
    time_servers: tuple[str, ...] = ()
    """Time servers the operator runs or trusts, best first."""
    known_bugs: tuple[KnownBug, ...] = ()
    """Bugs of devices' software that the operator knows of, as JSON."""
    approval_ttl: Annotated[timedelta, _between(timedelta(minutes=1), timedelta(days=7))] = (
        timedelta(minutes=15)
    )
    """How long a proposal may wait for approval before it must be planned anew."""
    execution_ttl: Annotated[timedelta, _between(timedelta(minutes=1), timedelta(days=7))] = (
        timedelta(minutes=30)
    )
    """How long an approval may wait to be used."""
    webhook_http: bool = False
    """Whether webhooks may go unencrypted, and to this machine itself: for trying things out."""
    break_glass_ttl: Annotated[timedelta, _between(timedelta(minutes=1), timedelta(hours=4))] = (
        timedelta(minutes=10)
    )
    """How long a broken glass holds: the change is carried out by then, or not at all."""
    break_glass_review_within: Annotated[
        timedelta, _between(timedelta(minutes=5), timedelta(days=30))
    ] = timedelta(hours=24)
    """How long the review of a broken glass may take before somebody is called about it."""
    permit_ttl: Annotated[timedelta, _between(timedelta(seconds=10), timedelta(hours=1))] = (
        timedelta(minutes=5)
    )
    effect_within: Annotated[timedelta, _between(timedelta(seconds=1), timedelta(days=1))] = (
        timedelta(seconds=60)
    )
    """How long to watch the metric that a change promised to improve."""
    look_again_every: Annotated[
        timedelta, _between(timedelta(milliseconds=100), timedelta(minutes=5))
    ] = timedelta(seconds=2)
    """How often the executor looks for work and a watched metric is read."""
    guard_for: Annotated[timedelta, _between(timedelta(), timedelta(days=1))] = timedelta(hours=1)
    """How long after a write the rest of the device is watched for harm; 0: not at all."""
    silence_limit: Annotated[timedelta, _between(timedelta(minutes=1), timedelta(days=1))] = (
        timedelta(minutes=10)
    )
    """How long a device may stay silent after a write before a person is called."""

    remediation: Mode = Mode.OFF
    """Whether rules open incidents and the planner works on them unattended: ``off``, ``dry_run``
    (the whole road, but nothing is submitted) or ``on``."""
    remediation_rules: Path | None = None
    """The rules as this operator tuned them, as YAML; empty for the shipped ones."""
    remediation_service: PrincipalId = PrincipalId("remediation")
    """The service in whose name it plans: made with ``gatewright token create --service``."""
    remediation_unread: int = Field(1_000_000, ge=10_000)
    """So many events may wait to be read by the rules; more are not taken."""

    @field_validator("public_url")
    @classmethod
    def _is_an_origin(cls, url: str) -> str:
        """Scheme, host and port: cookies and addresses are made of it."""
        parts = urlsplit(url)
        if url and not (parts.scheme in ("http", "https") and parts.netloc and not parts.query):
            raise ValueError("is not an address such as https://gatewright.example")
        if parts.path.strip("/"):
            raise ValueError("has a path: the console lives at the root of its host")
        return f"{parts.scheme}://{parts.netloc.lower()}" if url else ""

    @field_validator("genieacs_url", "oktopus_url")
    @classmethod
    def _is_an_interface(cls, url: str, info: ValidationInfo) -> str:
        """Credentials are settings of their own: an address is shown and logged."""
        parts = urlsplit(url)
        if url and not (parts.scheme in ("http", "https") and parts.hostname):
            raise ValueError("is not an address such as http://10.0.0.5:7557")
        if parts.username or parts.password:
            kind = "GENIEACS" if info.field_name == "genieacs_url" else "OKTOPUS"
            raise ValueError(f"holds credentials: they go into GATEWRIGHT_{kind}_PASSWORD")
        if parts.query or parts.fragment:
            raise ValueError("has a query or a fragment")
        return url

    @field_validator("genieacs_files")
    @classmethod
    def _is_a_file_server(cls, url: str) -> str:
        """Over ``https``, as the addresses of firmware that an operator lists."""
        parts = urlsplit(url)
        plain = parts.scheme == "https" and parts.hostname and "@" not in parts.netloc
        if url and (not plain or parts.query or parts.fragment):
            raise ValueError("is not an address such as https://files.example/")
        return f"{url.rstrip('/')}/" if url else ""

    @field_validator("oidc_issuer")
    @classmethod
    def _is_safe_to_ask(cls, url: str) -> str:
        """Over ``https``, or on this machine: who answers for it decides who comes in."""
        parts = urlsplit(url)
        local = parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost", "::1")
        if url and not (parts.scheme == "https" and parts.netloc) and not local:
            raise ValueError("is not an https address")
        return url

    @model_validator(mode="after")
    def _provider_is_whole(self) -> Self:
        """Where there is a provider, it knows us and leads back to us."""
        if self.oidc_issuer and not self.public_url:
            raise ValueError("GATEWRIGHT_OIDC_ISSUER needs GATEWRIGHT_PUBLIC_URL")
        if self.oidc_issuer and not (self.oidc_client_id and self.oidc_client_secret):
            raise ValueError("GATEWRIGHT_OIDC_ISSUER needs GATEWRIGHT_OIDC_CLIENT_ID and _SECRET")
        if self.oidc_issuer and "openid" not in self.oidc_scopes:
            raise ValueError("GATEWRIGHT_OIDC_SCOPES lacks openid")
        return self

    measure_every: Annotated[timedelta, _between(timedelta(), timedelta(days=7))] = timedelta(
        hours=12
    )
    """How often the numbers of a device are looked at when it calls anyway; 0: never."""
    keep_changes: Kept = timedelta(days=730)
    """How long the timeline keeps which parameter changed, when and by whom."""
    keep_boots: Kept = timedelta(days=365)
    """How long boots, resets and transfers of files."""
    keep_sessions: Kept = timedelta(days=90)
    """How long that a device came after a silence, or for a reason of its own."""
    keep_faults: Kept = timedelta(days=365)
    keep_diagnostics: Kept = timedelta(days=365)
    keep_firmware: Kept = timedelta(days=1825)
    """How long which firmware a device ran."""
    keep_measures: Kept = timedelta(days=365)
    """How long numbers over time. They go by pages of four weeks, when the last of it is too old.
    """

    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        """A zone that this machine knows: an unknown one would shift every window unseen."""
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError):  # unknown, no name at all, or a folder of zones
            raise ValueError("it is no time zone that this machine knows") from None
        return value

    @property
    def store_url(self) -> str:
        """The database URL, SQLite in the data directory unless one is set."""
        return self.database_url or f"sqlite:///{self.data_dir / 'gatewright.db'}"

    @property
    def planner_database(self) -> str:
        """The database URL, or the file of the threads that wait for an outcome."""
        return self.database_url or str(self.data_dir / "planner.db")

    @property
    def runs_database(self) -> Path | str:
        """The database URL, or the file of which step is next."""
        return self.database_url or self.data_dir / "runs.db"

    @property
    def audit_checkpoints(self) -> Path:
        """The file to which signed heads of the audit chain leave the database."""
        return self.data_dir / "audit-checkpoints.jsonl"

    @property
    def llm_base_url(self) -> str:
        """The OpenAI-compatible server, as the ``openai`` client itself reads it."""
        return os.environ.get("OPENAI_BASE_URL", "")

    @property
    def llm_configured(self) -> bool:
        """Whether an LLM plans: a model is named, or a server or key is given."""
        return bool(self.llm_model or self.llm_base_url or os.environ.get("OPENAI_API_KEY"))


_PREFIX = "GATEWRIGHT_"
_OTHERS = frozenset({"GATEWRIGHT_URL", "GATEWRIGHT_TOKEN"})
"""What commands that talk to a server read; no settings of one."""


def load_settings(**overrides: object) -> Settings:
    """Read the settings; a bad one is an error that names the variable and what is wrong.

    So is one that there is not: misspelt, it would leave the default where somebody meant more.
    """
    _refuse_unknown(os.environ)
    try:
        return Settings(**overrides)  # type: ignore[arg-type]  # pydantic checks what is passed
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = "_".join(str(part) for part in first["loc"]).upper() or _named_in(first["msg"])
        raise InvalidInput(
            said_by(first["msg"]),
            field=f"{_PREFIX}{name}",
            remedy="Correct or unset it.",
        ) from None


def _named_in(message: str) -> str:
    """What is wrong with several together says itself which is meant, first of all."""
    found = re.search(rf"{_PREFIX}(\w+)", message)
    return found[1] if found else ""


def _refuse_unknown(environment: Iterable[str]) -> None:
    known = {f"{_PREFIX}{name}".upper() for name in Settings.model_fields} | _OTHERS
    given = {name for name in environment if name.upper().startswith(_PREFIX)}
    for name in sorted(name for name in given if name.upper() not in known):
        near = get_close_matches(name.upper(), sorted(known), n=1)
        raise InvalidInput(
            "there is no such setting",
            field=name,
            remedy=f"Did you mean {near[0]}?" if near else "Unset it.",
        )
