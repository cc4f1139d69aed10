"""The REST routes: one noun a file. A route parses, calls one function, shapes the answer."""
