"""Stands in for Oktopus, which needs NATS and MongoDB: its REST interface, on virtual homes."""
