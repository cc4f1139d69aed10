"""Scenarios: what goes wrong in a home, what people say of it, and what may come of it."""
