"""The front door: REST, chat stream, console and command line. It holds no rules."""
