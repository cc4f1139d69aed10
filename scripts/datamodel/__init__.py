"""Turns the Broadband Forum's XML into the compact tables that ``brain.datamodel`` reads."""
