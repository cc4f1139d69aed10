"""The demonstration: the product, 24 virtual homes, and four troubles told end to end."""
