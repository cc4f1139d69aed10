"""The console: pages for support agents and approvers, on the same application as the API."""
