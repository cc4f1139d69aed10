"""Settings come from the environment; a bad one is named, and its value is not repeated."""

from datetime import timedelta
from pathlib import Path

import pytest

from brain.domain.errors import InvalidInput
from brain.settings import load_settings


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("OPENAI_BASE_URL", "OPENAI_API_KEY", "GATEWRIGHT_DATA_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))


def test_state_lives_in_the_xdg_data_directory(tmp_path: Path) -> None:
    assert load_settings().data_dir == tmp_path / "gatewright"


def test_the_store_is_a_file_in_the_data_directory_unless_told_otherwise(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GATEWRIGHT_DATA_DIR", str(tmp_path))
    assert load_settings().store_url == f"sqlite:///{tmp_path}/gatewright.db"

    monkeypatch.setenv("GATEWRIGHT_DATABASE_URL", "postgresql://db/gatewright")
    assert load_settings().store_url == "postgresql://db/gatewright"


def test_the_ports_are_those_of_convention() -> None:
    settings = load_settings()

    assert (settings.acs_port, settings.port) == (7547, 8080)


def test_a_setting_that_there_is_not_is_refused_with_the_nearest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("GATEWRIGHT_TENNANT", "north")

    with pytest.raises(InvalidInput, match="GATEWRIGHT_TENANT") as refused:
        load_settings()

    assert refused.value.field == "GATEWRIGHT_TENNANT"
    assert "north" not in str(refused.value)


def test_what_commands_read_of_another_server_is_no_setting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("GATEWRIGHT_URL", "https://gw.example")
    monkeypatch.setenv("GATEWRIGHT_TOKEN", "gwt_x")

    assert load_settings().port == 8080


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("", ""),
        ("https://GW.example/", "https://gw.example"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("gw.example", None),
        ("https://gw.example/console", None),
        ("ftp://gw.example", None),
    ],
)
def test_the_public_address_is_scheme_and_host(
    monkeypatch: pytest.MonkeyPatch, url: str, kept: str | None
) -> None:
    monkeypatch.setenv("GATEWRIGHT_PUBLIC_URL", url)

    if kept is None:
        with pytest.raises(InvalidInput):
            load_settings()
    else:
        assert load_settings().public_url == kept


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"OIDC_ISSUER": "http://login.example"}, "https"),
        ({"PUBLIC_URL": ""}, "GATEWRIGHT_PUBLIC_URL"),
        ({"OIDC_CLIENT_ID": ""}, "GATEWRIGHT_OIDC_CLIENT_ID"),
        ({"OIDC_CLIENT_SECRET": ""}, "_SECRET"),
        ({"OIDC_SCOPES": '["profile"]'}, "openid"),
        ({}, ""),
        ({"OIDC_ISSUER": "http://127.0.0.1:9000"}, ""),
    ],
    ids=str,
)
def test_an_identity_provider_is_set_whole_and_over_https(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], wrong: str
) -> None:
    whole = {
        "OIDC_ISSUER": "https://login.example",
        "OIDC_CLIENT_ID": "gatewright",
        "OIDC_CLIENT_SECRET": "hunter2hunter2",
        "PUBLIC_URL": "https://gw.example",
    }
    for name, value in {**whole, **given}.items():
        monkeypatch.setenv(f"GATEWRIGHT_{name}", value)

    if wrong:
        with pytest.raises(InvalidInput, match=wrong) as refused:
            load_settings()
        assert "hunter2" not in str(refused.value)
    else:
        assert "hunter2" not in repr(load_settings())


def test_a_bad_setting_is_named_and_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GATEWRIGHT_PORT", "hunter2")

    with pytest.raises(InvalidInput) as caught:
        load_settings()

    assert caught.value.field == "GATEWRIGHT_PORT"
    assert "hunter2" not in str(caught.value)


def test_durations_are_read_as_iso_8601(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GATEWRIGHT_EFFECT_WITHIN", "PT90S")

    assert load_settings().effect_within == timedelta(seconds=90)


def test_no_model_is_configured_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not load_settings().llm_configured

    monkeypatch.setenv("OPENAI_BASE_URL", "http://llm/v1")
    assert load_settings().llm_configured


def test_passwords_do_not_print_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GATEWRIGHT_ACS_PASSWORD", "hunter2")

    assert "hunter2" not in repr(load_settings())


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "America/St_Johns"])
def test_windows_are_meant_in_the_operators_zone(
    monkeypatch: pytest.MonkeyPatch, zone: str
) -> None:
    monkeypatch.setenv("GATEWRIGHT_TIMEZONE", zone)

    assert load_settings().timezone == zone


@pytest.mark.parametrize("zone", ["", "Berlin", "CEST+1", "Europe", "../etc/passwd", "Mars/Base"])
def test_a_zone_that_nobody_knows_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, zone: str
) -> None:
    monkeypatch.setenv("GATEWRIGHT_TIMEZONE", zone)

    with pytest.raises(InvalidInput, match="GATEWRIGHT_TIMEZONE: it is no time zone"):
        load_settings()


@pytest.mark.parametrize(
    "name", ["CHANGES", "BOOTS", "SESSIONS", "FAULTS", "DIAGNOSTICS", "FIRMWARE", "MEASURES"]
)
def test_nothing_is_kept_for_less_than_a_day_or_more_than_ten_years(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    for bad in ("PT23H", "P3651D", "-P1D", "for ever"):
        monkeypatch.setenv(f"GATEWRIGHT_KEEP_{name}", bad)
        with pytest.raises(InvalidInput) as refused:
            load_settings()
        assert refused.value.field == f"GATEWRIGHT_KEEP_{name}"
    monkeypatch.setenv(f"GATEWRIGHT_KEEP_{name}", "P30D")
    assert getattr(load_settings(), f"keep_{name.lower()}").days == 30


@pytest.mark.parametrize(
    ("name", "ends"),
    [
        ("PERMIT_TTL", ("PT10S", "PT1H", "10 seconds and 1 hour")),
        ("EXECUTION_TTL", ("PT1M", "P7D", "1 minute and 7 days")),
        ("APPROVAL_TTL", ("PT1M", "P7D", "1 minute and 7 days")),
        ("OPA_TIMEOUT", ("PT0.05S", "PT30S", "0.05 seconds and 30 seconds")),
        ("SILENCE_LIMIT", ("PT1M", "P1D", "1 minute and 1 day")),
        ("LOOK_AGAIN_EVERY", ("PT0.1S", "PT5M", "0.1 seconds and 5 minutes")),
        ("POLICY_REPLAY", ("PT1H", "P365D", "1 hour and 365 days")),
        ("BREAK_GLASS_TTL", ("PT1M", "PT4H", "1 minute and 4 hours")),
        ("BREAK_GLASS_REVIEW_WITHIN", ("PT5M", "P30D", "5 minutes and 30 days")),
        ("EFFECT_WITHIN", ("PT1S", "P1D", "1 second and 1 day")),
        ("SESSION_IDLE", ("PT1M", "P1D", "1 minute and 1 day")),
        ("SESSION_TTL", ("PT5M", "P30D", "5 minutes and 30 days")),
        ("WAKE_TIMEOUT", ("PT1S", "PT5M", "1 second and 5 minutes")),
        ("LLM_TIMEOUT", ("PT1S", "PT10M", "1 second and 10 minutes")),
    ],
)
def test_a_duration_that_limits_nothing_or_everything_is_refused_with_its_range(
    monkeypatch: pytest.MonkeyPatch, name: str, ends: tuple[str, str, str]
) -> None:
    shortest, longest, said = ends
    for good in (shortest, longest):
        monkeypatch.setenv(f"GATEWRIGHT_{name}", good)
        load_settings()

    for bad in ("PT0S", "-PT1M", "PT0.01S", "P3650D"):
        monkeypatch.setenv(f"GATEWRIGHT_{name}", bad)
        with pytest.raises(InvalidInput, match=f"between {said}") as refused:
            load_settings()
        assert refused.value.field == f"GATEWRIGHT_{name}"
