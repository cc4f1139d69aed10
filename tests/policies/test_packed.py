"""A packed bundle is read back as strictly as a folder of rules, and an altered one is none."""

import gzip
import io
import json
import tarfile
from collections.abc import Mapping

import pytest

from brain.domain.errors import InvalidInput
from policies.bundle import Bundle
from policies.packed import LARGEST, members, pack


def files_of(bundle: Bundle) -> dict[str, bytes]:
    return members(bundle.modules, bundle.data, bundle.revision)


def test_what_was_packed_is_read_back(bundle: Bundle) -> None:
    again = Bundle.from_tar_gz(bundle.to_tar_gz())

    assert again == bundle
    assert again.to_tar_gz() == bundle.to_tar_gz()


def test_numbers_laid_on_top_make_another_bundle_of_the_same_rules(bundle: Bundle) -> None:
    other = bundle.with_numbers({"limits": {"presence": {"minutes": 3}}})

    assert other.modules == bundle.modules
    assert other.revision != bundle.revision
    assert json.loads(other.data_json)["gatewright"]["limits"]["presence"] == {"minutes": 3}
    with pytest.raises(InvalidInput, match="presence"):
        bundle.with_numbers({"limits": {"presence": {"minutes": "3"}}})


@pytest.mark.parametrize("name", ["data.json", "gatewright/core/core.rego"])
def test_content_of_another_revision_is_refused(bundle: Bundle, name: str) -> None:
    files = files_of(bundle)
    files[name] = files[name].replace(b"15", b"16") + b"\n"
    if name == "data.json":
        files[name] = files[name].replace(b'"minutes":15', b'"minutes":16')

    with pytest.raises(InvalidInput):
        Bundle.from_tar_gz(pack(files))


def test_rules_that_the_engines_would_not_answer_alike_are_refused(bundle: Bundle) -> None:
    files = files_of(bundle)
    files["gatewright/core/core.rego"] += b"\n_now := time.now_ns()\n"

    with pytest.raises(InvalidInput, match=r"time\.now_ns"):
        Bundle.from_tar_gz(pack(files))


@pytest.mark.parametrize(
    "others",
    [
        {".manifest": b"{}"},
        {".manifest": b"not json"},
        {".manifest": b'{"roots": ["gatewright", "system"], "revision": "x"}'},
        {"data.json": b"[]"},
        {"data.json": b'{"gatewright": {}, "system": {}}'},
        {"data.json": b'{"gatewright": NaN}'},
        {"gatewright/core/core_test.rego": b"package x"},
        {"gatewright/../../etc/x.rego": b"package x"},
        {"system/authz.rego": b"package x"},
        {"gatewright/core/other.txt": b"x"},
        {"gatewright/core/core.rego": b"\xff"},
    ],
    ids=str,
)
def test_a_file_with_anything_else_in_it_is_refused(
    bundle: Bundle, others: Mapping[str, bytes]
) -> None:
    with pytest.raises(InvalidInput) as refused:
        Bundle.from_tar_gz(pack({**files_of(bundle), **others}))

    assert refused.value.field.startswith("policy")


@pytest.mark.parametrize("missing", [".manifest", "data.json", "gatewright/topics/topics.rego"])
def test_a_file_without_its_parts_is_refused(bundle: Bundle, missing: str) -> None:
    files = files_of(bundle)
    del files[missing]

    with pytest.raises(InvalidInput):
        Bundle.from_tar_gz(pack(files))


def test_a_link_and_a_file_that_is_there_twice_are_refused(bundle: Bundle) -> None:
    for member in (_link("gatewright/core/link.rego"), tarfile.TarInfo("/data.json")):
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w:gz") as tar:
            for name, content in files_of(bundle).items():
                plain = tarfile.TarInfo(f"/{name}")
                plain.size = len(content)
                tar.addfile(plain, io.BytesIO(content))
            tar.addfile(member)

        with pytest.raises(InvalidInput, match="each once"):
            Bundle.from_tar_gz(packed.getvalue())


def _link(name: str) -> tarfile.TarInfo:
    link = tarfile.TarInfo(name)
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    return link


@pytest.mark.parametrize(
    "packed",
    [b"", b"x", gzip.compress(b"x"), b"\x1f\x8b\x08", gzip.compress(b"x")[:10] + b"\xff" * 9],
    ids=["nothing", "one byte", "no tar in it", "cut off", "damaged"],
)
def test_what_is_no_archive_is_refused(packed: bytes) -> None:
    with pytest.raises(InvalidInput):
        Bundle.from_tar_gz(packed)


def test_a_small_file_that_unpacks_to_a_large_one_is_refused() -> None:
    bomb = gzip.compress(bytes(LARGEST + 1))

    assert len(bomb) < 20_000
    with pytest.raises(InvalidInput, match="larger"):
        Bundle.from_tar_gz(bomb)
