"""The engines that can answer the gate's question; each third-party client in one file."""
