"""Stand-ins for what cannot be had here; each says in its first lines what it stands in for."""
