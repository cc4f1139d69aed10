"""The whole story holds over a GenieACS as well: the product and its stand-in as processes."""

import subprocess
import sys

import pytest


@pytest.mark.long
@pytest.mark.timeout(300)
def test_the_story_holds_over_a_genieacs() -> None:
    told = subprocess.run(
        [sys.executable, "-m", "evals.demo", "--once", "--controller", "genieacs"],
        capture_output=True,
        check=False,
        text=True,
        timeout=280,
    )

    assert told.returncode == 0, told.stdout[-2000:]
    assert "applied=2 verified=1 rolled_back=1 upstream=1 audit=verified" in told.stdout
