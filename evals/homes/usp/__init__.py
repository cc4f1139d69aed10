"""Virtual homes over USP: the agent that each would have, and its way to a controller."""
