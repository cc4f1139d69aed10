"""Objects that several makes have alike: a model file names them after ``with``."""
