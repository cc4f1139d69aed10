"""Device models as data: one JSON file each, read by ``evals.homes.device_model``."""
