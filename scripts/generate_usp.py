"""Writes the Python of the USP schema files beside them; needs grpcio-tools.

    python scripts/generate_usp.py            # after a change to executors/usp/schema/*.proto

``--out`` writes to another folder, so that a test can compare.
"""

from argparse import ArgumentParser
from pathlib import Path
from tempfile import TemporaryDirectory

from grpc_tools import protoc

SCHEMA = Path("executors/usp/schema")
ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    """Generate every schema file's module."""
    parser = ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--out", type=Path, default=ROOT / SCHEMA)
    out = parser.parse_args().out
    for schema in sorted((ROOT / SCHEMA).glob("*.proto")):
        text = _generated(schema)
        said = f'"""Generated from {schema.name} by scripts/generate_usp.py: do not edit."""\n'
        (out / f"{schema.stem}_pb2.py").write_text(said + text)


def _generated(schema: Path) -> str:
    with TemporaryDirectory() as folder:
        words = ["protoc", f"-I{schema.parent}", f"--python_out={folder}", str(schema)]
        if protoc.main(words):
            raise SystemExit(f"{schema.name} was not understood")
        return (Path(folder) / f"{schema.stem}_pb2.py").read_text()


if __name__ == "__main__":
    main()
