"""The life of a change: the only door through which a change moves on."""
