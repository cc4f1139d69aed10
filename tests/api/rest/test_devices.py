"""Devices are shown within their tenant, without their secrets."""
