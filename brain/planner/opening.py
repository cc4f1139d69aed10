"""Opens the notes of a run about one device, and turns them to another one."""

from collections.abc import Iterable

from brain.datamodel.catalogue import Catalogue, catalogue, model_of
from brain.domain.device import Device
from brain.domain.errors import Forbidden
from brain.domain.identity import Principal
from brain.domain.incident import Case
from brain.planner.deps import PlannerDeps
from brain.planner.notebook import Notebook, Run, Spending
from brain.planner.pseudonyms import Pseudonyms
from brain.planner.recollection import Housemate, Recollection


async def open_notes(
    deps: PlannerDeps, case: Case, text: str, asker: Principal, *, proposal_id: str
) -> Notebook:
    """The notes of a run about the case's device; Forbidden for a case of another tenant."""
    if asker.tenant != case.tenant:
        raise Forbidden("this case is of another tenant")
    device = await deps.knowledge.device(case.tenant, case.device)
    memory = deps.memory
    others = tuple(await memory.housemates(device)) if memory else ()
    return Notebook(
        case=case,
        proposal_id=proposal_id,
        text=text,
        asker=asker,
        device=device,
        catalogue=_model_of(device),
        pseudonyms=await _pseudonyms(deps, case, device, others),
        spending=Spending(deps.budget),
        with_model=deps.model is not None,
        remembers=memory is not None,
        past=await memory.recall(case) if memory else Recollection(),
        housemates=others,
    )


async def about_device(run: Run, device: Device) -> None:
    """Have the rest of the run be about another device of the same tenant."""
    notes = run.notes
    notes.device = device
    notes.catalogue = _model_of(device)
    notes.pseudonyms = await _pseudonyms(run.deps, notes.case, device, notes.housemates)


async def _pseudonyms(
    deps: PlannerDeps, case: Case, device: Device, others: Iterable[Housemate]
) -> Pseudonyms:
    serials = (device.serial, *(each.device.serial for each in others))
    names = (*await deps.knowledge.names(device), *serials)
    pseudonyms = Pseudonyms(deps.pseudonym_key, case.id, _model_of(device), names=names)
    last = await deps.knowledge.snapshot(device)
    if last is not None:
        pseudonyms.learn(last)
    return pseudonyms


def _model_of(device: Device) -> Catalogue:
    return catalogue(model_of(device.protocol))
