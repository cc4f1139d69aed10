"""Decides: asks the policy engine, reads its answer strictly, and mints permits."""
