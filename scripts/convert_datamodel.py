"""Writes the catalogue's tables from the Broadband Forum's XML.

    python scripts/convert_datamodel.py --name tr181 --out brain/datamodel/data \
        tr-181-2-19-1-cwmp-full.xml.gz tr-181-2-19-1-usp-full.xml.gz

``--show`` prints the table as readable text instead; given a file that was packed before, it
unpacks it, so that two versions can be compared.
"""

from argparse import ArgumentParser
from base64 import b64decode
from gzip import decompress
from pathlib import Path
from sys import stdout

from datamodel.documents import read_document
from datamodel.tables import pack, table


def main() -> None:
    """Convert, or show what was converted."""
    parser = ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("files", nargs="+", type=Path, help="-full.xml files, .gz or not")
    parser.add_argument("--name", default="", help="the name of the table, such as tr181")
    parser.add_argument("--out", type=Path, help="the folder to write to")
    parser.add_argument("--show", action="store_true", help="print readable text, write nothing")
    options = parser.parse_args()
    if options.show and options.files[0].suffix == ".table":
        stdout.write(decompress(b64decode(options.files[0].read_text("ascii"))).decode())
        return
    text = table(options.name, [read_document(path) for path in options.files])
    if options.show:
        stdout.write(text)
        return
    if not options.name or options.out is None:
        parser.error("--name and --out say what to write and where")
    target = options.out / f"{options.name}.table"
    target.write_text(pack(text), "ascii")
    stdout.write(f"{target}: {text.count(chr(10))} lines, {target.stat().st_size} bytes\n")


if __name__ == "__main__":
    main()
