"""Thinks and remembers: no module here can reach a device."""
