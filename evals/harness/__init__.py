"""Runs scenarios through the product, scores what became of them, and reports it."""
