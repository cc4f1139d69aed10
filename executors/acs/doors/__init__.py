"""Processes that hold the connections of devices for the one process that has their sessions."""
