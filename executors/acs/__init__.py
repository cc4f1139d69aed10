"""Our own auto-configuration server (TR-069): a sans-I/O core and thin shells."""
