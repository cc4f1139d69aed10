"""Acts on devices over USP (TR-369): our own controller, its records, messages and transports."""
