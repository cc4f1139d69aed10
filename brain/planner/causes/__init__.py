"""The reasons the planner can find, one a module. Each looks at what was observed and claims."""
