"""The command line: one topic a file. It talks to a running server, and says what to do next."""
