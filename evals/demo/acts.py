"""The acts of the story. Each does what people would do, and breaks when the product does not."""

from collections import Counter
from dataclasses import dataclass, field

from evals.demo.desk import Desk, Document, StoryBroke
from evals.demo.told import Teller
from evals.homes.cast import ROLES, Role

_ENDS = frozenset({"succeeded", "rolled_back", "failed", "unknown", "superseded", "denied"})
_PATIENCE = 45.0
_NOT_THEIRS = (
    "the neighbours in trouble hang below another port (part 4): what they suffer from is no "
    "reason here, while this home's own radio shows one"
)


@dataclass(slots=True, kw_only=True)
class Story:
    """Who is in it, and what was counted."""

    support: Desk
    approver: Desk
    teller: Teller
    tally: Counter[str] = field(default_factory=Counter)

    def mended(self) -> None:
        """A congested channel: proposed, reviewed by a second person, applied, better."""
        role = self._begin(1, "A change that helps", "congested")
        change = self._proposed(role)
        self.teller.line("aside", _NOT_THEIRS, "dim")
        self._expect(change["state"] == "awaiting_approval", "the change waits for a review")
        self._nobody_approves_their_own(change)
        road = self._approve_and_wait(change)
        self._expect(road["change"]["state"] == "succeeded", "the change succeeded")
        self._expect(_wrote_over_cwmp(road), "it was written and read back")
        self.tally["verified"] += 1

    def denied(self) -> None:
        """A channel that the country does not allow: refused, with what to do instead."""
        role = self._begin(2, "A wish that policy denies", "abroad")
        change = self._proposed(role)
        self._expect(change["state"] == "denied", "policy denies it")
        findings = change["verdict"]["findings"]
        self._expect(
            any(f["severity"] == "deny" and f["remedy"] for f in findings), "with a remedy"
        )
        road = self.support.road(change["id"])
        self._expect(not road["permits"] and not road["outcomes"], "nothing was sent")
        self.tally["denied"] += 1

    def taken_back(self) -> None:
        """A quiet channel with an interferer that no scan shows: worse, so rolled back."""
        role = self._begin(3, "A change that makes things worse", "haunted")
        change = self._proposed(role)
        road = self._approve_and_wait(change)
        self._expect(road["change"]["state"] == "rolled_back", "the change was rolled back")
        self._expect(len(road["outcomes"]) == 2, "it was applied, and undone once")
        self.tally["rolled_back"] += 1

    def upstream(self) -> None:
        """Eight homes behind one port: no change in any home, evidence for the network team."""
        role = self._begin(4, "A whole port suffering", "dim-1")
        before = len(self.support.get("/v1/changes", device=role.device)["items"])
        events = self._say(role)
        handed = [event for event in events if event["kind"] == "hand_over"]
        after = len(self.support.get("/v1/changes", device=role.device)["items"])
        self._expect(bool(handed), "the case is handed over")
        self._expect(after == before == 0, "no change is proposed in the home")
        self.tally["upstream"] += 1

    def _begin(self, number: int, title: str, key: str) -> Role:
        role = next(each for each in ROLES if each.key == key)
        self.teller.act(number, title, role.says)
        return role

    def _say(self, role: Role) -> list[Document]:
        events = []
        for event in self.support.say(role.device, role.says):
            self.teller.event(event)
            events.append(event)
        return events

    def _proposed(self, role: Role) -> Document:
        events = self._say(role)
        cards = [event for event in events if event["kind"] in ("proposal", "denied")]
        self._expect(len(cards) == 1, "there is one proposal")
        self.tally["proposed"] += 1
        change: Document = self.support.road(cards[0]["payload"]["change_id"])["change"]
        self.teller.difference(change)
        return change

    def _nobody_approves_their_own(self, change: Document) -> None:
        answer = {"digest": change["plan"]["digest"]}
        problem = self.support.refused(f"/v1/changes/{change['id']}/approve", answer)
        self.teller.line(self.support.name, f"tries to approve it: {problem['detail']}", "dim")

    def _approve_and_wait(self, change: Document) -> Document:
        answer = {"digest": change["plan"]["digest"], "comment": "Looks right."}
        self.approver.post(f"/v1/changes/{change['id']}/approve", answer)
        self.tally["approved"] += 1
        self.teller.line(self.approver.name, "reviews the difference and approves it")
        with self.teller.console.status("backing up, writing, reading back, watching ..."):
            road = self.support.wait(change["id"], _ENDS.__contains__, _PATIENCE)
        self.teller.road(road)
        if any(outcome["progress"] == "applied" for outcome in road["outcomes"]):
            self.tally["applied"] += 1
        return road

    @staticmethod
    def _expect(held: bool, what: str) -> None:
        if not held:
            raise StoryBroke(f"it did not hold that {what}")


def _wrote_over_cwmp(road: Document) -> bool:
    steps = [step["step"] for step in road["executions"]]
    applied = [outcome for outcome in road["outcomes"] if outcome["progress"] == "applied"]
    in_order = "back_up" in steps and "verify" in steps
    return in_order and steps.index("back_up") < steps.index("verify") and len(applied) == 1
