"""The steps of the planner, one a module. Which follows which is said in ``graph``."""
