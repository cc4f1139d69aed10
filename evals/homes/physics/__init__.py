"""How radio, lines, queues and voice behave: pure functions, each after a published model."""
