"""The HTTP library under whichever ``openai`` is installed: httpx2 since 3, httpx before.

The client takes only clients of its own library, and what breaks off in the middle of a streamed
answer comes as an error of that library. Both have the same names for all that is used here.
"""

from importlib import import_module
from typing import TYPE_CHECKING

import openai

if TYPE_CHECKING:
    import httpx2 as http
else:
    _SINCE = 3
    http = import_module("httpx2" if int(openai.__version__.split(".")[0]) >= _SINCE else "httpx")

__all__ = ["http"]
