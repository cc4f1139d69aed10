"""The USP schema: .proto files with the standard's names and numbers, and their Python."""
