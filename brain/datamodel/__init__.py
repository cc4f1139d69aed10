"""What TR-181 and TR-098 say: look up, check, translate. Tables below ``data`` are generated."""
