"""One person at the product's front door: everything the story does goes over HTTP."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from json import loads
from time import monotonic, sleep
from typing import Any

import httpx

Document = Mapping[str, Any]
"""A JSON object as the API sends it."""


class StoryBroke(Exception):
    """The product did not do what the story says it does."""


@dataclass(frozen=True, slots=True)
class Desk:
    """A signed-in person. Problems of the API become StoryBroke, with their own words."""

    name: str
    token: str
    client: httpx.Client

    def get(self, path: str, **query: str | int) -> Document:
        """GET a document."""
        return self._read(self.client.get(path, params=query))

    def post(self, path: str, body: Document | None = None) -> Document:
        """POST a document and read the answer."""
        return self._read(self.client.post(path, json=body or {}))

    def refused(self, path: str, body: Document) -> Document:
        """POST what must be refused, and read the problem."""
        response = self.client.post(path, json=body)
        if response.is_success:
            raise StoryBroke(f"{path} was let through for {self.name}")
        return dict(loads(response.content))

    def say(self, device: str, text: str) -> Iterator[Document]:
        """Open a case about a device, say what the subscriber said, follow the planner."""
        case = self.post("/v1/cases", {"device": device})["id"]
        with self.client.stream("POST", f"/v1/cases/{case}/messages", json={"text": text}) as turn:
            if not turn.is_success:
                turn.read()
                raise StoryBroke(f"{turn.status_code}: {turn.text}")
            for line in turn.iter_lines():
                if line.startswith("data:"):
                    yield loads(line.removeprefix("data:"))

    def road(self, change: str) -> Document:
        """The whole road of a change."""
        return self.get(f"/v1/changes/{change}")

    def wait(self, change: str, done: Callable[[str], bool], seconds: float) -> Document:
        """The road, once its change is in a state that is asked for."""
        until = monotonic() + seconds
        while True:
            road = self.road(change)
            state = road["change"]["state"]
            if done(state):
                return road
            if monotonic() > until:
                raise StoryBroke(f"{change} is still {state} after {seconds:.0f} s")
            sleep(0.2)

    @staticmethod
    def _read(response: httpx.Response) -> Document:
        if not response.is_success:
            raise StoryBroke(
                f"{response.request.url.path}: {response.status_code}: {response.text}"
            )
        return dict(loads(response.content)) if response.content else {}


def sit_down(name: str, url: str, token: str) -> Desk:
    """A desk for whoever holds this token; the caller closes its client."""
    headers = {"Authorization": f"Bearer {token}"}
    return Desk(name, token, httpx.Client(base_url=url, headers=headers, timeout=60))
