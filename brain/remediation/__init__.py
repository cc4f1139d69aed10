"""Events open incidents by rule, and incidents lead to unattended planner runs, within budgets."""
