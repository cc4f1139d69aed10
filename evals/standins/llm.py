"""Stands in for a language model: an OpenAI-compatible server that thinks nothing.

No model can be had where tests and demos run, and a real one would not be bad on demand. This one
answers from a script, obligingly, or in one of the ways of ``evals.standins.hostile``:

    python -m evals.standins.llm --mode hostile --port 8099
"""

import argparse
import asyncio
import json
import sys
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from itertools import count, cycle
from random import Random
from time import time

from evals.standins import chat
from evals.standins.chat import Answerer, ChatRequest, Failure, Raw, Said, Text
from evals.standins.hostile import WAYS
from evals.standins.serving import serving
from evals.standins.shapes import Intent, fill
from evals.standins.useless import useless
from executors.acs.asgi import (
    Answer,
    BodyRefused,
    ClientLeft,
    Receive,
    Scope,
    Send,
    header,
    read_body,
    send_answer,
)

_MOST_BYTES = 8 << 20
_JSON = (b"content-type", b"application/json")
_OBLIGING = Intent(prefer=("candidate",), first=True, name="none")


class LanguageServer:
    """An ASGI application. ``requests`` holds what was asked, for tests to look at."""

    def __init__(
        self, answerer: Answerer, *, api_key: str = "", seconds: Callable[[], float] = time
    ) -> None:
        """With an ``api_key``, whoever does not bring it is answered 401."""
        self.requests: list[ChatRequest] = []
        self._answerer = answerer
        self._api_key = api_key
        self._seconds = seconds
        self._numbers = count(1)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI 3."""
        place = (scope["method"], scope["path"].removesuffix("/").removeprefix("/v1"))
        if self._api_key and header(scope, b"authorization") != f"Bearer {self._api_key}":
            await _send(send, 401, chat.error(_failure(401, "invalid_api_key", "No such key.")))
        elif place == ("GET", "/models"):
            await _send(send, 200, chat.models(int(self._seconds())))
        elif place == ("POST", "/chat/completions"):
            await self._complete(scope, receive, send)
        else:
            await _send(send, 404, chat.error(_failure(404, "not_found", "Unknown URL.")))

    async def _complete(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            request = chat.read_request(await read_body(scope, receive, _MOST_BYTES))
        except (ValueError, BodyRefused) as error:
            failure = _failure(400, "invalid_request_error", str(error))
            await _send(send, 400, chat.error(failure))
            return
        except ClientLeft:
            return
        self.requests.append(request)
        said, number, created = self._answerer(request), next(self._numbers), int(self._seconds())
        if isinstance(said, Failure):
            await _send(send, said.status, chat.error(said), said.headers)
        elif isinstance(said, Raw):
            await _pour(said, receive, send)
        elif request.stream:
            await _pour(_streamed(request, said, number, created), receive, send)
        else:
            whole = chat.completion(request, said, number=number, created=created)
            await _send(send, 200, whole)


def scripted(*answers: str | Said) -> Answerer:
    """Gives these one after the other, and the last one again and again."""
    left = list(answers)

    def answer(request: ChatRequest) -> Said:
        said = left.pop(0) if len(left) > 1 else left[0]
        return Text(text=said) if isinstance(said, str) else said

    return answer


def hostile(way: str = "") -> Answerer:
    """Bad in this way, or in each way in turn. Raises KeyError for a way there is none of."""
    ways = cycle([WAYS[way]] if way else WAYS.values())
    return lambda request: next(ways)(request)


def obliging(request: ChatRequest) -> Said:
    """Any valid answer: the first of what a schema offers, which is seldom a good one."""
    if request.schema:
        return Text(text=fill(request.schema, _OBLIGING))
    return Text(text="{}" if request.format else "I stand in for a language model.")


def answerer(mode: str) -> Answerer:
    """The answerer of a mode as the command line names it; raises KeyError."""
    if mode == "obliging":
        return obliging
    if mode == "useless":
        return useless(Random(1))  # noqa: S311 - not for secrets
    return hostile("" if mode == "hostile" else mode)


def _streamed(request: ChatRequest, said: Text, number: int, created: int) -> Raw:
    async def parts() -> AsyncGenerator[bytes]:
        for chunk in chat.chunks(request, said, number=number, created=created):
            yield chunk

    return Raw(parts=parts, content_type=b"text/event-stream")


async def _pour(raw: Raw, receive: Receive, send: Send) -> None:
    """Send the parts one by one, and stop as soon as the client has left."""
    headers = [(b"content-type", raw.content_type)]
    await send({"type": "http.response.start", "status": raw.status, "headers": headers})
    gone = asyncio.create_task(_left(receive))
    try:
        async with aclosing(raw.parts()) as parts:
            async for part in parts:
                await send({"type": "http.response.body", "body": part, "more_body": True})
                if gone.done():
                    return
        await send({"type": "http.response.body", "body": b""})
    finally:
        gone.cancel()


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _send(
    send: Send, status: int, body: object, headers: tuple[tuple[bytes, bytes], ...] = ()
) -> None:
    await send_answer(send, Answer(status, json.dumps(body).encode(), (_JSON, *headers)))


def _failure(status: int, kind: str, message: str) -> Failure:
    return Failure(status=status, kind=kind, message=message)


async def _serve(host: str, port: int, mode: str) -> None:
    async with serving(LanguageServer(answerer(mode)), host=host, port=port) as url:
        sys.stdout.write(f"A stand-in for a language model ({mode}) at {url}/v1\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(prog="python -m evals.standins.llm")
    parser.add_argument(
        "--mode", default="obliging", choices=["obliging", "useless", "hostile", *WAYS]
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8099)
    chosen = parser.parse_args()
    try:
        asyncio.run(_serve(chosen.host, chosen.port, chosen.mode))
    except KeyboardInterrupt:
        sys.exit(0)


if __name__ == "__main__":
    main()
