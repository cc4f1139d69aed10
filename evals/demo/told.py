"""How the story looks on a terminal: what is said, what is seen, what was decided."""

from collections.abc import Iterable

from rich.console import Console
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table

from evals.demo.desk import Document


class Teller:
    """Prints the story for a person. Everything from the product is text, never markup."""

    def __init__(self, console: Console) -> None:
        self.console = console

    def act(self, number: int, title: str, complaint: str) -> None:
        """A new act begins with what the subscriber says."""
        self.console.print()
        self.console.rule(f"[bold]{number}. {escape(title)}", align="left")
        self.console.print(f"[italic]“{escape(complaint)}”[/]")

    def line(self, who: str, text: str, style: str = "") -> None:
        """One thing that somebody or some part does."""
        shown = f"[{style}]{escape(text)}[/]" if style else escape(text)
        self.console.print(f"  [cyan]{escape(who):>9}[/]  {shown}")

    def event(self, event: Document) -> None:
        """What the planner says while it works."""
        kind, text = event["kind"], event["text"]
        styles = {"failed": "red", "denied": "red", "hand_over": "yellow", "question": "yellow"}
        if text:
            self.line("planner", text, styles.get(kind, "dim" if kind == "step" else ""))

    def difference(self, change: Document) -> None:
        """The plan as a difference, with the findings of policy."""
        table = Table(box=None, padding=(0, 1), show_header=True, header_style="dim")
        for heading in ("parameter", "is", "would be"):
            table.add_column(heading)
        for step in change["plan"]["changes"]:
            before, after = (_shown(step, key) for key in ("before", "after"))
            table.add_row(escape(step["path"]), f"[red]{before}[/]", f"[green]{after}[/]")
        verdict = change["verdict"]
        title = f"policy says [bold]{escape(verdict['decision'])}[/]"
        self.console.print(Panel(table, title=title, title_align="left", padding=(0, 1)))
        for finding in verdict["findings"]:
            if finding["severity"] != verdict["decision"]:
                continue
            self.line("policy", f"{finding['code']}: {finding['message']}")
            if finding["remedy"]:
                self.line("", f"→ {finding['remedy']}", "dim")

    def road(self, road: Document) -> None:
        """What became of a change, step by step."""
        undoes = False
        for step in _without_repeats(road["executions"]):
            undoing = undoes and step["step"] == "apply"
            name, detail = ("undo", f"the backup: {step['detail']}") if undoing else _of(step)
            self.line(name, detail, "dim")
            undoes = undoes or step["step"] == "decide"
        change = road["change"]
        good = change["state"] in ("succeeded", "rolled_back")
        self.line("ledger", f"{change['state']}: {change['reason']}", "green" if good else "red")


def _of(step: Document) -> tuple[str, str]:
    return step["step"], step["detail"]


def _shown(step: Document, key: str) -> str:
    value = step.get(key)
    return "••••••••" if value is None else escape(str(value))


def _without_repeats(steps: Iterable[Document]) -> Iterable[Document]:
    """Every step once, and of a watch only its first and last look."""
    kept: list[Document] = []
    for step in steps:
        if len(kept) > 1 and kept[-1]["step"] == kept[-2]["step"] == step["step"] == "watch":
            kept[-1] = step
        else:
            kept.append(step)
    return kept
