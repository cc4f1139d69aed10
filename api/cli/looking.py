"""What ``gatewright doctor`` looks at: the engine, the active rules, the OPA server, the model."""

from datetime import timedelta

from api.checks import Check, model_server
from api.cli.rules import bundle_in
from api.local import open_store
from brain.domain.canonical import Json
from brain.domain.errors import InvalidInput, PolicyUnavailable
from brain.domain.policy_change import PolicyChange
from brain.keys import FOLDER, Keys
from brain.language_model import language_model
from brain.settings import Settings
from policies.answer import check_revision
from policies.bundle import Bundle
from policies.engine import ACCESS, Engine
from policies.engines.embedded import EmbeddedEngine
from policies.starting import rules_at_start

_NOBODY: dict[str, Json] = {"action": "", "principal": None, "tenant": ""}


async def look_at_policy(settings: Settings) -> Check:
    """Whether the engine answers from the rules here, and whether these are the active ones."""
    bundle = bundle_in(settings, None)
    await _answers(EmbeddedEngine(bundle), bundle, remedy=_INSTALL)
    active = await _active(settings)
    if active is not None and active.revision != bundle.revision:
        return Check(
            name="policy",
            ok=False,
            detail=f"the rules here ({bundle.revision[:12]}) are not the active ones "
            f"({active.revision[:12]}, since {active.reason})",
            remedy="`gatewright policy status` says whether they wait for approval.",
        )
    detail = f"the embedded engine answers; {len(bundle.findings)} rules, {bundle.revision[:12]}"
    return Check(name="policy", ok=True, detail=detail)


async def look_at_opa(settings: Settings) -> Check:
    """Whether the OPA server, where one is configured, answers from the active rules."""
    name = "OPA server"
    if not settings.opa_url:
        return Check(name=name, ok=True, detail="not configured; the embedded engine decides")
    try:
        from policies.engines.opa import OpaEngine
    except ModuleNotFoundError:  # an extra that not everyone has
        raise InvalidInput(
            "asking an OPA server needs the extra opa", remedy="pip install 'gatewright[opa]'"
        ) from None
    bundle = await _deciding(settings)
    token = settings.opa_token.get_secret_value() if settings.opa_token else ""
    engine = OpaEngine(settings.opa_url, bundle, timeout=timedelta(seconds=5), token=token)
    try:
        await _answers(engine, bundle, remedy=_FETCH)
    finally:
        await engine.aclose()
    detail = f"{settings.opa_url} answers from the active rules, {bundle.revision[:12]}"
    return Check(name=name, ok=True, detail=detail)


_INSTALL = "Run `gatewright policy check`; if it stays, install Gatewright anew."
_FETCH = "Let it fetch the active rules: see `gatewright policy opa-config`."


async def _answers(engine: Engine, bundle: Bundle, *, remedy: str) -> None:
    """Raise PolicyUnavailable unless nobody is refused: the one answer that is sure."""
    raw = await engine.ask(ACCESS, _NOBODY)
    check_revision(raw, bundle.revision)
    if raw.result is not False:
        raise PolicyUnavailable("the engine does not answer from these rules", remedy=remedy)


async def _deciding(settings: Settings) -> Bundle:
    here = bundle_in(settings, None)
    if not _began(settings):
        return here
    async with open_store(settings, Keys.open(settings.data_dir, create=False)) as store:
        if await store.pending_migrations():
            return here
        return await rules_at_start(store, settings.tenant, here, adopt=settings.adopt_policy)


async def _active(settings: Settings) -> PolicyChange | None:
    """What is written down as active; None before the first start, and before an upgrade's."""
    if not _began(settings):
        return None
    async with open_store(settings, Keys.open(settings.data_dir, create=False)) as store:
        if await store.pending_migrations():
            return None
        async with store.read() as tx:
            return await tx.policy_changes.active(settings.tenant)


def _began(settings: Settings) -> bool:
    """Doctor only looks: a database that is not there is not made."""
    there = settings.database_url or (settings.data_dir / "gatewright.db").exists()
    return bool(there) and (settings.data_dir / FOLDER).exists()


async def look_at_model(settings: Settings) -> Check:
    """The model's server, and how it can be held to the form of an answer: it is asked."""
    reached = await model_server(settings)
    model = language_model(settings) if reached.ok else None
    if model is None:
        return reached
    try:
        ability = await model.probe()
    finally:
        await model.aclose()
    return Check(
        name=reached.name,
        ok=ability.mode is not None,
        detail=ability.words,
        remedy="" if ability.mode else "Check GATEWRIGHT_LLM_MODEL and the log of its server.",
    )
