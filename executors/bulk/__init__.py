"""Bulk data (TR-181 Device.BulkData.): reads what devices report unasked, and keeps it."""
