"""Benchmarks: tables of figures and ratios, measured side by side in one run."""
