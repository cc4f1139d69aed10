"""The nouns of the product. Standard library only, frozen, no I/O, no clock."""
