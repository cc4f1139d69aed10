"""One page on several runs: scores beside each other and the floors, plots, and what failed."""

from collections.abc import Iterable, Sequence
from html import escape
from importlib.resources import files
from string import Template

from evals.harness.amounts import AMOUNTS
from evals.harness.plots import Bar, bars, lines
from evals.harness.result import Result
from evals.harness.run_file import RunFile, ScoresShape, ShareShape
from evals.harness.scores import MEASURES
from evals.harness.tables import reasons

_PLOTTED = (
    "passed",
    "diagnosis",
    "answer",
    "end_state",
    "end_state_change",
    "abstention_precision",
    "abstention_recall",
    "unsafe_proposed",
    "unsafe_executed",
)
_MOST_FAILED = 400
_FLOORS = {"noop", "random"}
_BARE = (
    "<p><b>No floors beside these runs:</b> nobody can tell what doing nothing would have got.</p>"
)


def page(runs: Sequence[RunFile]) -> str:
    """The whole page as HTML. Everything from outside is escaped; nothing is loaded or run."""
    parts = [_how(runs), _scores(runs), _plots(runs), _families(runs), _failed(runs), _meanings()]
    shell = files("evals.harness").joinpath("report.html").read_text("utf-8")
    return Template(shell).substitute(body="\n".join(parts))


def _how(runs: Sequence[RunFile]) -> str:
    rows = [
        (
            run.called,
            run.began.strftime("%Y-%m-%d %H:%M UTC"),
            str(len(run.results)),
            f"{len({each.id for each in run.results})} in {run.epochs}",
            str(len({each.template for each in run.results})),
            str(run.seed),
            f"{run.seconds:.0f} s, {run.jobs} at once",
            run.reviewer.value,
            run.scenarios[:12],
            run.rules[:12],
        )
        for run in runs
    ]
    titles = (
        "Planner",
        "Begun",
        "Runs",
        "Cases and epochs",
        "Templates",
        "Seed",
        "Took",
        "Reviewer",
    )
    escaped = [[escape(one) for one in row] for row in rows]
    has_floors = any(run.floors for run in runs) or {run.planner for run in runs} >= _FLOORS
    bare = "" if has_floors else _BARE
    return _section("How it was run", _table((*titles, "Scenarios", "Rules"), escaped) + bare)


def _scores(runs: Sequence[RunFile]) -> str:
    columns = _columns(runs)
    rows = [
        [escape(measure.title), *(_cell(of.shares[name], name) for of in columns.values())]
        for name, measure in MEASURES.items()
    ]
    for k in sorted({k for run in runs for k in run.scores.pass_k}):
        name = f"pass^{k}"
        cells = (_told(_plain(of.pass_k.get(k)), of, name) for of in columns.values())
        rows.append([name, *cells])
    for name, amount in AMOUNTS.items():
        cells = (_told(f"{of.amounts.get(name, 0):.2f}", of, name) for of in columns.values())
        rows.append([escape(amount.title), *cells])
    return _section("Scores", _table(("", *map(escape, columns)), rows))


def _plots(runs: Sequence[RunFile]) -> str:
    columns = _columns(runs)
    rows = {
        MEASURES[name].title: {who: _bar(of.shares[name]) for who, of in columns.items()}
        for name in _PLOTTED
    }
    drawn = [bars("Scores beside the floors", rows)]
    over_k = {run.called: run.scores.pass_k for run in runs if len(run.scores.pass_k) > 1}
    if over_k:
        drawn.append(lines("pass^k: how likely k runs of a case all pass", over_k))
    return _section("Plots", "".join(drawn))


def _families(runs: Sequence[RunFile]) -> str:
    names = list(dict.fromkeys(name for run in runs for name in run.families))
    rows = {
        family: {
            run.called: _bar(run.families[family].shares["passed"])
            for run in runs
            if family in run.families
        }
        for family in names
    }
    measures = ("passed", "diagnosis", "answer", "end_state", "unsafe_proposed", "unsafe_executed")
    table = [
        [escape(family), escape(run.called), *(_cell(of.shares[one], one) for one in measures)]
        for family in names
        for run in runs
        if (of := run.families.get(family)) is not None
    ]
    titles = ("Family", "Planner", *(MEASURES[one].title for one in measures))
    return _section("By family", bars("All right, by family", rows) + _table(titles, table))


def _failed(runs: Sequence[RunFile]) -> str:
    parts = []
    for run in runs:
        failed = [each for each in run.results if not each.passed]
        rows = [_failure(each) for each in failed[:_MOST_FAILED]]
        more = f"<p>… and {len(failed) - len(rows)} more.</p>" if len(failed) > len(rows) else ""
        inside = _table(("Case", "Why"), rows) + more if rows else "<p>Nothing.</p>"
        parts.append(
            f"<details><summary>{escape(run.called)}: {len(failed)} of {len(run.results)}"
            f"</summary>{inside}</details>"
        )
    return _section("What was not right, by id", "".join(parts))


def _failure(result: Result) -> list[str]:
    epoch = f" (epoch {result.epoch})" if result.epoch > 1 else ""
    return [f"<code>{escape(result.id)}</code>{epoch}", escape("; ".join(reasons(result)))]


def _meanings() -> str:
    said = "".join(
        f"<dt>{escape(each.title)}</dt><dd>{escape(each.meaning)}</dd>"
        for each in MEASURES.values()
    )
    return _section("What the words mean", f"<dl>{said}</dl>")


def _columns(runs: Sequence[RunFile]) -> dict[str, ScoresShape]:
    """Every run, and the floors of the first run that has them."""
    columns = {}
    for number, run in enumerate(runs, 1):
        name = run.called
        columns[name if name not in columns else f"{name} ({number})"] = run.scores
    for run in runs:
        for floor, scores in run.floors.items():
            columns.setdefault(floor, scores)
    return columns


def _bar(share: ShareShape) -> Bar:
    return Bar(value=share.share, low=share.low, high=share.high, n=share.n)


def _cell(share: ShareShape, name: str) -> str:
    if share.share is None:
        return '<span class="faint">-</span>'
    text = (
        f"{100 * share.share:.1f} %<br><small>{100 * share.low:.1f} to {100 * share.high:.1f}, "
        f"n = {share.n}<br>by template {100 * share.clustered_low:.1f} to "
        f"{100 * share.clustered_high:.1f}</small>"
    )
    return (
        f'<b style="color:var(--bad)">{text}</b>'
        if name == "unsafe_executed" and share.hits
        else text
    )


def _told(figure: str, of: ScoresShape, name: str) -> str:
    within = of.within(name)
    if figure == "-":
        return figure
    return f"{figure}<br><small>by template {within}, n = {of.n}</small>"


def _plain(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:.1f} %"


def _table(titles: Iterable[str], rows: Iterable[Sequence[str]]) -> str:
    head = "".join(f"<th>{title}</th>" for title in titles)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return f'<div class="wide">{table}</div>'


def _section(title: str, inside: str) -> str:
    return f"<h2>{escape(title)}</h2>{inside}"
