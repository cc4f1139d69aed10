"""Takes people and places out of everything that a language model is shown.

What is personal is told by the data model, not guessed: a value goes out as it is only when its
type can hold no words (a number, a truth, a time, one of the model's own enumeration). Everything
else becomes a name made from a keyed hash, the same all through one case and different in the next.
"""

import hmac
import re
import unicodedata
from collections.abc import Iterable
from functools import partial

from brain.datamodel.catalogue import Catalogue, Entry
from brain.domain.identity import CaseId
from brain.domain.parameter import INTEGERS, ParameterType, Snapshot
from brain.planner.scrubbing import KNOWN_FORMS
from brain.planner.spoken_secrets import SECRET_MARK, without_secrets

_WORDLESS: dict[ParameterType, re.Pattern[str]] = {
    **dict.fromkeys(INTEGERS, re.compile(r"-?[0-9]{1,20}")),
    ParameterType.DECIMAL: re.compile(r"-?[0-9.]{1,40}"),
    ParameterType.BOOLEAN: re.compile(r"true|false|0|1"),
    ParameterType.DATE_TIME: re.compile(r"[0-9T:.Z+-]{1,40}"),
}
_NUMBERS = re.compile(r"[0-9]{1,5}([,\- ]{1,2}[0-9]{1,5}){0,99}")
_TOKEN = re.compile(r"\b[a-z]+_[0-9a-f]{8}\b")

_KINDS: tuple[tuple[str, str], ...] = (
    ("BSSID", "mac"),
    ("SSID", "ssid"),
    ("MACAddress", "mac"),
    ("PhysAddress", "mac"),
    ("HostName", "host"),
    ("IPAddress", "ip"),
    ("DNSServers", "ip"),
    ("DNSServer", "ip"),
    ("SerialNumber", "serial"),
    ("Username", "user"),
)


class Pseudonyms:
    """The pseudonyms of one case. They can be told back here, and nowhere else."""

    def __init__(
        self, key: bytes, case: CaseId, catalogue: Catalogue, *, names: Iterable[str] = ()
    ) -> None:
        self._key = key
        self._case = case
        self._catalogue = catalogue
        self._real: dict[str, str] = {}
        self._personal: dict[str, tuple[str, str]] = {}
        self._pattern: re.Pattern[str] | None = None
        for name in names:
            self._learn("name", name)
            for part in re.findall(r"\w[\w'-]{2,}", name):
                self._learn("name", part)

    def learn(self, snapshot: Snapshot) -> None:
        """Remember what is personal in a snapshot, so that it is found in free text too."""
        for path, value in snapshot.values.items():
            kind = "secret" if self._catalogue.is_secret(path) else _kind_of(path)
            if value and kind != "text":
                self._learn(kind, value)

    def token(self, kind: str, text: str) -> str:
        """The pseudonym of this text, such as ``ssid_5f03ab21``."""
        message = "\x1f".join((self._case, kind, text)).encode("utf-8", "surrogatepass")
        name = f"{kind}_{hmac.digest(self._key, message, 'sha256').hex()[:8]}"
        self._real[name] = text
        return name

    def value(self, path: str, text: str) -> str | None:
        """What may be shown of this parameter's value; None when it is a secret or unknown."""
        entry = self._catalogue.find(path)
        if entry is None or entry.secret:
            return None
        if not text or self._is_wordless(entry, text) or self._is_reference(entry, text):
            return text
        return self.token(_kind_of(path), text)

    def scrub(self, text: str) -> str:
        """Free text without secrets, and with pseudonyms for what names a person or a place."""
        plain = without_secrets(_plain(text))
        if self._personal:
            plain = self._known().sub(self._named, plain)
        for kind, form in KNOWN_FORMS:
            plain = form.sub(partial(self._replaced, kind), plain)
        return plain

    def reveal(self, text: str) -> str:
        """The text with every pseudonym of this case told back: for our own side only."""
        return _TOKEN.sub(lambda found: self._real.get(found[0], found[0]), text)

    def _learn(self, kind: str, text: str) -> None:
        plain = _plain(text)
        if len(plain) > 1 and plain != SECRET_MARK:
            self._personal.setdefault(plain.casefold(), (kind, plain))
            self._pattern = None

    def _known(self) -> re.Pattern[str]:
        """Everything personal that is known, the longest first."""
        if self._pattern is None:
            longest_first = sorted((text for _, text in self._personal.values()), key=len)[::-1]
            either = "|".join(re.escape(text) for text in longest_first)
            self._pattern = re.compile(rf"(?<!\w)(?:{either})(?!\w)", re.IGNORECASE)
        return self._pattern

    def _named(self, found: re.Match[str]) -> str:
        kind, text = self._personal.get(found[0].casefold(), ("text", found[0]))
        return SECRET_MARK if kind == "secret" else self.token(kind, text)

    def _replaced(self, kind: str, found: re.Match[str]) -> str:
        words = found["what"]
        if _TOKEN.fullmatch(words.strip()):
            return found[0]
        return found[0].replace(words, self.token(kind, words))

    def _is_wordless(self, entry: Entry, text: str) -> bool:
        """Whether a value of this type can hold no words of anybody."""
        items = [item.strip() for item in text.split(",")] if entry.is_list else [text]
        listing = self._catalogue.find(entry.enumeration_ref) if entry.enumeration_ref else entry
        if listing and listing.enumeration:
            return all(item in listing.enumeration for item in items)
        pattern = _WORDLESS.get(entry.type) if entry.type else None
        if pattern is not None:
            return all(pattern.fullmatch(item) for item in items)
        if entry.is_list and _NUMBERS.fullmatch(text):
            return True
        # Three characters hold no name: a regulatory domain is one.
        sizes = entry.sizes
        return bool(sizes) and all(size.high is not None and size.high <= 3 for size in sizes)

    def _is_reference(self, entry: Entry, text: str) -> bool:
        """Whether it is a reference, and nothing but paths that the data model knows."""
        is_path = entry.syntax is not None and entry.syntax.path_reference is not None
        return is_path and all(
            item.startswith("Device.")
            and (self._catalogue.find(item) or self._catalogue.find(item.rstrip(".") + "."))
            for item in text.split(",")
        )


def _plain(text: str) -> str:
    """One form for one look: composed, and without marks that cannot be seen."""
    composed = unicodedata.normalize("NFKC", text)
    return "".join(char for char in composed if unicodedata.category(char) != "Cf").strip()


def _kind_of(path: str) -> str:
    leaf = path.rpartition(".")[2]
    return next((kind for end, kind in _KINDS if leaf.endswith(end)), "text")
