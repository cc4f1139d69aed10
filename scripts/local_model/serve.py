"""Serves the local model to clients of OpenAI's chat completions, on this machine only.

.tools/local-model/venv/bin/python scripts/local_model/serve.py .tools/local-model/model.gguf
"""

import argparse
import signal
import sys
from pathlib import Path

import xllamacpp

_CONTEXT = 6144
"""Tokens of one slot: the longest question of the planner with its answer is about half of it."""
_SLOTS = 3
"""One for each kind of question, so that its instructions are read once and not each time."""


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(description="Serve a local language model.")
    parser.add_argument("model", type=Path)
    parser.add_argument("--port", type=int, default=8099)
    parser.add_argument("--threads", type=int, default=2)
    chosen = parser.parse_args()
    if not chosen.model.is_file():
        sys.exit(f"There is no {chosen.model}: `make local-model` fetches it.")
    server = xllamacpp.Server(options(chosen.model, chosen.port, chosen.threads))
    url = f"{server.listening_address}/v1"
    sys.stdout.write(f"\nA local model at {url} until you press Ctrl-C. Plan with it:\n")
    sys.stdout.write(f"  OPENAI_BASE_URL={url} gatewright serve\n")
    sys.stdout.flush()
    signal.sigwait({signal.SIGINT, signal.SIGTERM})


def options(model: Path, port: int, threads: int) -> xllamacpp.CommonParams:
    """Few questions at a time, and the same answer to the same question."""
    params = xllamacpp.CommonParams()
    params.model.path = str(model)
    params.hostnames = ["127.0.0.1"]
    params.port = port
    params.n_ctx = _SLOTS * _CONTEXT
    params.n_parallel = _SLOTS
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = threads
    params.ui = False
    params.verbosity = 1
    return params


if __name__ == "__main__":
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    main()
