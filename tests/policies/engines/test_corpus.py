"""Both engines answer a whole corpus alike; see ``corpus`` for the families of cases."""

import logging
from collections.abc import Iterator, Mapping

import pytest

from policies.bundle import Bundle
from policies.engines import embedded
from policies.engines.embedded import EmbeddedEngine
from policies.engines.opa import OpaEngine
from policies.probes import SEEDS
from tests.policies.engines.corpus import FAMILIES, Case, bundles, corpus
from tests.policies.engines.judging import PATIENCE, Comparison, compare, judged, servers

pytestmark = pytest.mark.opa

SEED = 20260101
SAMPLE = 0.05


@pytest.fixture(scope="module")
def urls(opa_binary: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, str]]:
    with servers(opa_binary, tmp_path_factory.mktemp("corpus")) as found:
        yield found


def alike(cases: list[Case], found: Comparison, bundle: Bundle) -> None:
    """Nothing is apart, everything was asked, every rule spoke, every outcome occurred."""
    report = found.report()
    logging.getLogger(__name__).info(report)
    assert not found.apart, report
    assert found.families.total() == len({case.key for case in cases}) == len(cases)
    assert found.families.keys() == FAMILIES.keys()
    assert found.rules.keys() == bundle.findings.keys() == SEEDS.keys(), report
    assert min(found.outcomes[each] for each in ("allow", "review", "deny")) > 5, report
    assert len(found.silent) < len(cases) // 20, f"alike by failing: {report}"
    assert len(found.half_silent) < len(cases) // 100, f"alike by failing: {report}"


@pytest.mark.slow
@pytest.mark.timeout(300)
async def test_a_sample_of_every_family_is_judged_alike(
    urls: Mapping[str, str], bundle: Bundle
) -> None:
    cases = corpus(SEED, share=SAMPLE)

    assert len(cases) > 1400
    alike(cases, await compare(cases, urls, processes=2), bundle)


async def test_an_engine_that_forgets_a_part_is_noticed(
    urls: Mapping[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fault planted: of a long plan only the answer to the first part counts."""
    raised = bundles()["raised"]
    inside = EmbeddedEngine(raised, timeout=PATIENCE)
    opa = OpaEngine(urls["raised"], raised, timeout=PATIENCE)
    long = [each for each in corpus(SEED, share=SAMPLE) if each.family == "many"]
    cases = [
        each for each in long if each.numbers == "raised" and each.question["plan"]["count"] > 32
    ]

    async def compared() -> Comparison:
        found = Comparison()
        for case in cases[:3]:
            said = [await judged(engine, raised, case.question) for engine in (inside, opa)]
            found.take(case, *said)
        return found

    try:
        whole = await compared()
        monkeypatch.setattr(embedded, "joined", lambda answers: answers[0])
        partial = await compared()
    finally:
        await opa.aclose()

    assert whole.apart == []
    assert partial.apart


@pytest.mark.long
@pytest.mark.timeout(1800)
async def test_more_than_twenty_thousand_cases_are_judged_alike(
    urls: Mapping[str, str], bundle: Bundle
) -> None:
    cases = corpus(SEED)

    assert len(cases) >= 20_000
    alike(cases, await compare(cases, urls, processes=2), bundle)
