"""What may stand in each file of numbers that an operator tunes: one schema a file."""
