"""The schema, step by step. A released step is never altered: a new one follows it."""
