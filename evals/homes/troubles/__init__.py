"""What can be wrong with a home or its line, as data: a trouble strikes the draft of a home."""
