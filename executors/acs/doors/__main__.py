"""``python -m executors.acs.doors``: one door, made by ``Doors`` and by nobody else.

Its one word is JSON: the numbers of two open sockets, and where TLS ends here.
"""

import json
import socket
import sys
from pathlib import Path

import uvloop

from brain.garbage import settle
from executors.acs.certificates import Tls
from executors.acs.doors.door import serve


def main() -> None:
    """Until the server behind it ends it."""
    said = json.loads(sys.argv[1])
    listener, line = socket.socket(fileno=said["listener"]), socket.socket(fileno=said["line"])
    certificate, key, clients = (Path(each) if each else None for each in said["tls"])
    tls = Tls.of(certificate, key, clients)
    settle()
    uvloop.run(serve(listener, line, tls=tls, most=said["most"]))


if __name__ == "__main__":
    main()
