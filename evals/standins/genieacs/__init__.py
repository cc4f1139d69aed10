"""Stands in for GenieACS, which needs Node and MongoDB: its interface, on virtual homes."""
