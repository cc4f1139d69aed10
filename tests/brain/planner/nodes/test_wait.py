"""The waiting step holds the interrupt and nothing else, because it runs again when resumed."""

import ast
import inspect

from brain.planner.nodes import wait as module


def test_it_does_nothing_but_interrupt() -> None:
    (step,) = (
        node
        for node in ast.parse(inspect.getsource(module)).body
        if isinstance(node, ast.AsyncFunctionDef)
    )

    said, returned = step.body

    assert isinstance(said, ast.Expr)
    assert isinstance(returned, ast.Return)
    calls = [node for node in ast.walk(step) if isinstance(node, ast.Call)]
    assert [ast.unparse(call.func) for call in calls] == ["interrupt"]
