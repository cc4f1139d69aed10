"""The stage is set for our own ACS, or for homes behind a GenieACS."""

from pathlib import Path

from evals.demo.stage import set_stage


def test_without_a_word_the_homes_call_our_own_acs(tmp_path: Path) -> None:
    stage = set_stage(tmp_path, {}, ports=(0, 0))

    assert stage.genieacs == 0
    assert "GATEWRIGHT_GENIEACS_URL" not in stage.environment


def test_behind_a_genieacs_the_product_is_told_where_it_is(tmp_path: Path) -> None:
    stage = set_stage(tmp_path, {}, ports=(0, 0), controller="genieacs")

    assert stage.environment["GATEWRIGHT_GENIEACS_URL"] == f"http://127.0.0.1:{stage.genieacs}"
