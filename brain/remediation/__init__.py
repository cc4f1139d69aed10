"""Events become incidents, and incidents unattended planner runs, within budgets."""
