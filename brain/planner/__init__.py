"""Reasons about a case and proposes. It has no hands: no executor, no gate, no device's socket."""
