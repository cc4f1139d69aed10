"""May the brain ship? Virtual homes, stand-ins for what cannot be had, scenarios and benchmarks."""
