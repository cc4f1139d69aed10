"""Python's garbage collector, for a process that serves: it looks at what comes and goes.

What is there once a server has started (modules, data models, compiled statements) stays to its
end, and is more than what it does at once. Looked through again and again for garbage, it took a
tenth of a CWMP session.
"""

import gc

_NEW = 10_000
"""Objects made and not yet freed before the new ones are looked at; Python's own number is 700."""


def settle() -> None:
    """Take all that is here now for what stays."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_NEW, 10, 10)
