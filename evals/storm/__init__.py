"""A whole town's devices come back at once: what the ACS makes of it, over real sockets."""
