"""``gatewright policy activate``, ``approve``, ``reject`` and ``status``: which rules decide."""

from typing import Annotated

from typer import Argument, Context, Exit, Option

from api.cli.command import Desk, desk
from api.cli.output import Output
from api.cli.replayed import show_replay
from api.cli.replaying import request_of
from api.cli.rules import Numbers, Rules
from api.cli.server import Refused
from api.shapes.policy import PolicyChangeShape, PolicyShape
from brain.domain.approval import Answer
from brain.domain.canonical import Json
from brain.domain.errors import InvalidInput

_URL = "/v1/policy/changes"
ChangeId = Annotated[str, Argument(metavar="ID", help="As `gatewright policy status` lists it.")]
Revision = Annotated[str, Option(help="The revision that you looked at, as it is shown.")]
Comment = Annotated[str, Option(help="Why; it is kept.")]


def activate(
    context: Context,
    reason: Annotated[str, Option(help="Why; it is kept beside the audit trail.")],
    bundle: Rules = None,
    data: Numbers = None,
) -> None:
    """Have the server decide by other rules: at once if shown to be no looser, else once approved.

    They are held against the past first. Exit code 1 when they wait for approval.
    """
    at = desk(context)
    if bundle is None and data is None:
        raise InvalidInput(
            "neither rules nor numbers are named",
            field="--bundle",
            remedy="Give --bundle FOLDER, --data FILE or both.",
        )
    document = _proposed(at, {**request_of(at.settings, bundle, data), "reason": reason})
    at.present(document, PolicyChangeShape, lambda found: show_change(at.output, found))
    if not isinstance(document, dict) or document.get("state") != "active":
        raise Exit(1)


def approve(context: Context, id: ChangeId, revision: Revision, comment: Comment = "") -> None:
    """Approve rules that somebody else proposed; you have to be in the group policy."""
    _answer(context, id, revision, Answer.APPROVE, comment)


def reject(context: Context, id: ChangeId, revision: Revision, comment: Comment = "") -> None:
    """Reject rules that are proposed, or take your own proposal back."""
    _answer(context, id, revision, Answer.REJECT, comment)


def status(
    context: Context,
    id: Annotated[str, Argument(metavar="[ID]", help="One change of the rules, whole.")] = "",
) -> None:
    """Say which rules are active, what decides by them, and which wait for approval."""
    at = desk(context)
    if id:
        document = at.server().get(f"{_URL}/{id}")
        at.present(document, PolicyChangeShape, lambda found: show_change(at.output, found))
        return
    document = at.server().get("/v1/policy")
    at.present(document, PolicyShape, lambda found: _show_status(at.output, found))


def show_change(output: Output, found: PolicyChangeShape) -> None:
    """What would have been under these rules, where they stand, and what to do next."""
    if found.replay:
        show_replay(output, found.replay)
    output.heading("The change of the rules")
    output.facts(
        [
            ("Change", found.id),
            ("State", found.state),
            ("Revision", found.revision),
            ("Compared with", found.base),
            ("Proposed by", found.proposed_by),
            ("Why", found.reason),
            ("Roles gain", ", ".join(found.widened)),
            ("Probes", ", ".join(found.probed)),
            ("Approved by", _approved(found)),
        ]
    )
    if found.why:
        output.heading("Why people have to approve it")
        for reason in found.why:
            output.say(f"- {reason}")
    for each in found.answers:
        output.say(f"- {each.by}: {each.answer}. {each.comment}")
    if found.state == "proposed":
        output.hint(f"What they change: gatewright policy diff {found.id}")
        output.hint(
            f"{found.needed} of the group policy, not {found.proposed_by}, may: "
            f"gatewright policy approve {found.id} --revision {found.revision}"
        )


def _approved(found: PolicyChangeShape) -> str:
    """By whom; those who count no more are said to be so."""
    gone = "" if found.state != "proposed" else " (counts no more)"
    return ", ".join(each if each in found.counted else f"{each}{gone}" for each in found.approvers)


def _show_status(output: Output, found: PolicyShape) -> None:
    output.facts(
        [("Active rules", found.revision), ("Rules", found.rules), ("Engine", found.engine)]
    )
    if not found.proposed:
        return
    output.heading("Waiting for approval")
    output.table(
        ("Change", "Revision", "Proposed by", "Why", "Approved by"),
        (
            (each.id, each.revision[:12], each.proposed_by, each.reason, _approved(each))
            for each in found.proposed
        ),
    )
    output.hint(
        "What one would have done: gatewright policy status ID; "
        "what it changes: gatewright policy diff ID"
    )


def _answer(context: Context, id: str, revision: str, answer: Answer, comment: str) -> None:
    at = desk(context)
    said: Json = {"revision": revision, "answer": answer.value, "comment": comment}
    document = at.server().post(f"{_URL}/{id}/answer", said)
    at.present(document, PolicyChangeShape, lambda found: _show_answered(at.output, found))


def _show_answered(output: Output, found: PolicyChangeShape) -> None:
    output.facts([("Change", found.id), ("State", found.state), ("Revision", found.revision)])


def _proposed(at: Desk, wanted: Json) -> Json:
    with at.output.progress("Replaying the past") as told:
        for event in at.server().stream(_URL, wanted):
            if "total" in event:
                done = event["done"]
                told(done if isinstance(done, int) else 0, 0)
            elif "detail" in event:
                raise Refused(str(event["detail"]), remedy=str(event.get("remedy", "")))
            else:
                return event
    raise Refused("the server ended without an answer", remedy="See `gatewright policy status`.")
