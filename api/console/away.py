"""While I am away: who answers reviews in somebody's place, from one day to another."""

from datetime import UTC, date, datetime, time, timedelta

from nicegui import ui

from api.actions import Action
from api.console import pieces
from api.console.asking import attempt, small_button
from api.console.office import Office
from api.standing import lend
from brain.domain.absence import Absence, Delegation, Span
from brain.domain.errors import InvalidInput
from brain.domain.identity import Principal, PrincipalId, PrincipalKind

_NOBODY = ""


class AwayPage:
    """A form, one's own absences and stand-ins, and those of the colleagues."""

    def __init__(self, office: Office, who: Principal) -> None:
        self._office, self._who = office, who
        self._names: dict[str, str] = {}

    async def show(self) -> None:
        """Draw the page."""
        with ui.column().classes("p-4 gap-3 w-full").style("max-width: 900px"):
            ui.label("While I am away").classes("gw-title")
            ui.label(
                "Nobody waits for your answer then, though you may give it. Whoever stands in "
                "for you answers with your one voice: never as a second one, never for what they "
                "or you asked for, and they cannot pass it on."
            ).classes("gw-soft gw-small")
            await self._form(await self._colleagues())
            self._said = ui.column().classes("w-full gap-2")
        await self._draw()

    async def _colleagues(self) -> dict[str, str]:
        """Who may answer reviews besides oneself, and how people know them."""
        gatewright = self._office.gatewright
        async with gatewright.store.read() as tx:
            accounts = await tx.principals.accounts(self._who.tenant)
        self._names = {each.principal.id: each.name for each in accounts}
        found = {_NOBODY: "Nobody"}
        for each in accounts:
            another = each.principal.id != self._who.id and not each.disabled
            person = each.principal.kind is PrincipalKind.PERSON
            if (
                another
                and person
                and await gatewright.access.allowed(each.principal, Action.APPROVE)
            ):
                found[str(each.principal.id)] = each.name
        return found

    async def _form(self, colleagues: dict[str, str]) -> None:
        today = self._office.gatewright.clock().date()
        groups = sorted(self._who.groups)
        with ui.column().classes("gw-card gap-2"):
            with ui.row().classes("w-full gap-2 items-start gw-form"):
                first = ui.input("From", value=today.isoformat())
                last = ui.input("Up to and with", value=(today + timedelta(days=4)).isoformat())
                for each in (first, last):
                    each.props("outlined dense type=date stack-label").classes("grow")
                to = ui.select(colleagues, value=_NOBODY, label="Who answers in my place")
                to.props("outlined dense").classes("grow")
                lent = ui.select(groups, multiple=True, value=groups, label="For the groups")
                lent.props("outlined dense").classes("grow")
            if len(colleagues) == 1:
                ui.label(
                    "No colleague may answer reviews: ask an administrator for one who may."
                ).classes("gw-small gw-soft")

            async def say() -> None:
                span = _span(first.value, last.value, now=self._office.gatewright.clock())
                await self._say(span, to.value or _NOBODY, lent.value or [])
                ui.notify("It is said.", type="positive")
                await self._draw()

            with ui.row().classes("items-center gap-3"):
                ui.button("I am away then", on_click=lambda: attempt(say)).props(
                    "no-caps unelevated color=teal-9"
                )
                ui.label("Whole days, in UTC.").classes("gw-small gw-soft")

    async def _say(self, span: Span, to: str, groups: list[str]) -> None:
        """Who stands in comes first: where that is refused, nobody is away yet."""
        gatewright = self._office.gatewright
        who = await self._office.still(self._who, Action.APPROVE)
        if to != _NOBODY and not groups:
            raise InvalidInput(
                "you lend no group", field="group", remedy="Choose what they answer for."
            )
        for group in groups if to != _NOBODY else []:
            await lend(
                gatewright,
                who,
                PrincipalId(to),
                group,
                starts_at=span.starts_at,
                until=span.ends_at,
            )
        await gatewright.ledger.standing_in.absent(
            who, starts_at=span.starts_at, until=span.ends_at
        )

    async def _draw(self) -> None:
        now, tenant = self._office.gatewright.clock(), self._who.tenant
        async with self._office.gatewright.store.read() as tx:
            lent = await tx.delegations.not_over(tenant, now)
            away = await tx.absences.not_over(tenant, now)
        mine, me = self._who.id, self._said
        me.clear()
        with me:
            pieces.head("Mine")
            own = [each for each in away if each.who == mine]
            taking_part = [each for each in lent if mine in (each.by, each.to)]
            if not own and not taking_part:
                ui.label("You are not away, and nobody stands in for you.").classes(
                    "gw-soft gw-small"
                )
            for absence in own:
                self._absence(absence, now)
            for delegation in taking_part:
                self._delegation(delegation, now)
            others = [each for each in away if each.who != mine]
            if others:
                pieces.head("Colleagues who are away")
            for absence in others:
                self._absence(absence, now)

    def _absence(self, absence: Absence, now: datetime) -> None:
        mine = absence.who == self._who.id
        text = "You are away" if mine else f"{self._name(absence.who)} is away"

        async def end() -> None:
            who = await self._office.still(self._who, Action.APPROVE)
            await self._office.gatewright.ledger.standing_in.end_absence(who, absence.id)
            await self._draw()

        with ui.row().classes("gw-card items-center gap-2").style("padding: 10px 16px"):
            pieces.chip(*_when(absence.span, now))
            ui.label(f"{text} {_days(absence.span)}").classes("gw-small grow")
            if mine:
                small_button("I am back", lambda: attempt(end))

    def _delegation(self, lent: Delegation, now: datetime) -> None:
        by = "your" if lent.by == self._who.id else f"{self._name(lent.by)}'s"
        to = "You answer" if lent.to == self._who.id else f"{self._name(lent.to)} answers"

        async def end() -> None:
            who = await self._office.still(self._who, Action.APPROVE)
            await self._office.gatewright.ledger.standing_in.end_delegation(who, lent.id)
            await self._draw()

        with ui.row().classes("gw-card items-center gap-2").style("padding: 10px 16px"):
            pieces.chip(*_when(lent.span, now))
            ui.label(f"{to} in {by} place for {lent.group} {_days(lent.span)}").classes(
                "gw-small grow"
            )
            small_button("End it", lambda: attempt(end))

    def _name(self, who: PrincipalId) -> str:
        return self._names.get(who, who)


def _span(first: object, last: object, *, now: datetime) -> Span:
    """Whole days; the first may have begun. InvalidInput for what is no day."""
    try:
        begins, ends = (date.fromisoformat(str(each)) for each in (first, last))
    except ValueError:
        raise InvalidInput(
            "one of the two is no day", field="from", remedy="Choose both days."
        ) from None
    midnight = datetime.combine(begins, time(), tzinfo=UTC)
    over = datetime.combine(ends, time(), tzinfo=UTC) + timedelta(days=1)
    return Span(starts_at=max(midnight, now), ends_at=over)


def _when(span: Span, now: datetime) -> tuple[str, str]:
    return ("now", "brand") if span.holds(now) else ("later", "")


def _days(span: Span) -> str:
    last = span.ends_at - timedelta(microseconds=1)
    return f"from {span.starts_at:%a %d %b} to {last:%a %d %b %Y}"
