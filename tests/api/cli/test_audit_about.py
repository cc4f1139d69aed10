"""One entry that somebody made unreadable hides none of the others."""

from datetime import UTC, datetime
from io import StringIO

import pytest

from api.cli.audit import _list
from api.cli.output import Output
from api.shapes.base import Page
from api.shapes.operations import AuditEntryShape


@pytest.mark.parametrize("payload", ["{not JSON", "", "7", "[" * 100_000])
def test_a_payload_that_is_no_document_is_shown_as_it_is(payload: str) -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    entries = [
        AuditEntryShape(
            seq=number, at=at, actor="ana", kind="halt.on", payload=each, prev_hash="", hash="h",
            words={}, words_as_written=None,
        )
        for number, each in enumerate([payload, '{"reason_of":"storm"}'], start=1)
    ]  # fmt: skip
    out = StringIO()

    _list(Output(out=out), Page[AuditEntryShape](items=entries, next=""))

    assert "storm" in out.getvalue()
    assert payload[:40] in out.getvalue()
