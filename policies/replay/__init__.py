"""Asks past questions again under other rules, and says which decisions would change."""
