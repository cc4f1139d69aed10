"""Acts on devices: one folder a protocol, and the durable run of one change."""
