"""The executor for devices behind an Oktopus that an operator already runs."""
