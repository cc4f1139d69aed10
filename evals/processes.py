"""What a process has used so far, as Linux tells it (proc(5))."""

import os
import resource
from pathlib import Path


def processor_seconds(pid: int) -> float:
    """User and system seconds (fields 14 and 15 of ``stat``)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def held_bytes() -> int:
    """Bytes of this process that are in memory now (field 2 of ``statm``)."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize()
