"""The executor for devices behind a GenieACS that an operator already runs."""
