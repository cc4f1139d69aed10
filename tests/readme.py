"""What README.md says is typed, so that tests type exactly that."""

import re
import shlex
from pathlib import Path

_README = Path(__file__).parents[1] / "README.md"


def token_for_a_job(service: str, owner: str) -> list[str]:
    """The words after ``gatewright`` that make the token of a job."""
    (typed,) = re.findall(r"`gatewright (token create --service [^`]+)`", _README.read_text())
    named = {"NAME": service, "PERSON": owner}
    return [named.get(each, each) for each in shlex.split(typed)]
