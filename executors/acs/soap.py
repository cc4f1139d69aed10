"""The SOAP envelope of CWMP: bytes in, bytes out, nothing else.

    envelope = parse(body, charset="utf-8")     # SoapError for anything that is not an envelope
    body = build(Envelope(InformResponse(), id=envelope.id, namespace=envelope.namespace))

Both ends use it: an answer echoes the ``id`` and the ``namespace`` of what it answers (TR-069 3.5).
No document type, entity or network is ever followed, and size, elements and depth are bounded.
"""

import re
from dataclasses import dataclass

from lxml import etree

from executors.acs.errors import SoapError
from executors.acs.messages import Message
from executors.acs.reading import Element, local, message_of
from executors.acs.writing import ILLEGAL, body_of, escaped

CWMP_1_0 = "urn:dslforum-org:cwmp-1-0"
CONTENT_TYPE = 'text/xml; charset="utf-8"'
MAX_BYTES = 4 * 1024 * 1024
_MAX_TAGS = 400_000
_MAX_ID = 1024

_NAMESPACE = re.compile(r"urn:dslforum-org:cwmp-1-\d")
_DECLARED = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._:-]{1,40})[\"']")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_UTF_8 = frozenset({"", "utf-8", "utf8", "us-ascii", "ascii"})
# The rest of Python's codecs is refused: some are no charsets, and some are slow on purpose.
_CHARSET = re.compile(
    r"(iso-?8859-\d{1,2}|latin-?1|windows-125\d|cp125\d|utf-?16(-?[lb]e)?|gb2312|gbk|gb18030|big5"
    r"|shift_jis|euc-(jp|kr)|koi8-[ru])"
)
_REFERENCE = re.compile(r"&#(?:x([0-9a-fA-F]{1,8})|([0-9]{1,8}));")
_TOO_DEEP = etree.XPath("boolean(" + "/*" * 16 + ")")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Header:
    id: str | None = None
    hold_requests: bool = False


@dataclass(frozen=True, slots=True)
class Envelope:
    """One message and what its header says."""

    message: Message
    id: str | None = None
    """``cwmp:ID``: None when there was none, which an answer then has neither."""
    namespace: str = CWMP_1_0
    hold_requests: bool = False


def build(envelope: Envelope) -> bytes:
    """The envelope as UTF-8; raises SoapError for text that XML cannot hold."""
    head = ""
    if envelope.id is not None:
        head += f'<cwmp:ID soap-env:mustUnderstand="1">{escaped(envelope.id)}</cwmp:ID>'
    if envelope.hold_requests:
        head += '<cwmp:HoldRequests soap-env:mustUnderstand="1">1</cwmp:HoldRequests>'
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<soap-env:Envelope xmlns:soap-env="http://schemas.xmlsoap.org/soap/envelope/" '
        'xmlns:soap-enc="http://schemas.xmlsoap.org/soap/encoding/" '
        'xmlns:xsd="http://www.w3.org/2001/XMLSchema" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        f'xmlns:cwmp="{escaped(envelope.namespace)}">'
        f"<soap-env:Header>{head}</soap-env:Header>"
        f"<soap-env:Body>{body_of(envelope.message)}</soap-env:Body></soap-env:Envelope>"
    ).encode()


def parse(body: bytes, *, charset: str = "") -> Envelope:
    """Read an envelope; ``charset`` is what the Content-Type says, which beats the document."""
    if len(body) > MAX_BYTES:
        raise SoapError(f"the envelope is larger than {MAX_BYTES} bytes")
    root = _root(_utf_8(body, charset))
    if local(root) != "Envelope" or _TOO_DEEP(root):
        raise SoapError("this is XML, but no SOAP envelope")
    header, content = _Header(), None
    for part in root:
        if local(part) == "Header":
            header = _header(part)
        elif local(part) == "Body":
            content = next(iter(part), None)
    if content is None:
        raise SoapError("the SOAP body is empty")
    return Envelope(
        message_of(content),
        id=header.id,
        namespace=_namespace(root, content),
        hold_requests=header.hold_requests,
    )


def _root(document: bytes) -> Element:
    try:
        return _parsed(document)
    except etree.XMLSyntaxError:
        # Network names with control characters or broken UTF-8 in them: keep the rest readable.
        mended = _mended(document)
    try:
        return _parsed(mended)
    except etree.XMLSyntaxError:
        # lxml quotes the document, so its text goes no further.
        raise SoapError("this is not well-formed XML") from None


def _parsed(document: bytes) -> Element:
    if document.count(b"<") > _MAX_TAGS:
        raise SoapError(f"the envelope has more than {_MAX_TAGS} tags")
    if b"<!DOCTYPE" in document[: document.find(b"Envelope")]:
        raise SoapError("a document type is not accepted")
    root = etree.fromstring(document, _PARSER)
    if root.getroottree().docinfo.internalDTD is not None:
        raise SoapError("a document type is not accepted")
    return root


def _utf_8(body: bytes, charset: str) -> bytes:
    declared = _DECLARED.match(body[:300])
    name = (charset or (declared.group(1).decode("ascii") if declared else "")).lower()
    if name in _UTF_8:
        return body
    if not _CHARSET.fullmatch(name):
        raise SoapError("the charset of the envelope is not known", remedy="Send UTF-8.")
    decoded = body.decode(name, "replace").removeprefix("\ufeff")
    return _DECLARATION.sub("", decoded, count=1).encode("utf-8", "replace")


def _mended(document: bytes) -> bytes:
    decoded = document.decode("utf-8", "replace")
    return ILLEGAL.sub("\ufffd", _REFERENCE.sub(_legal, decoded)).encode()


def _legal(found: re.Match[str]) -> str:
    point = int(found.group(1), 16) if found.group(1) else int(found.group(2))
    if point > 0x10FFFF or ILLEGAL.match(chr(point)):
        return "\ufffd"
    return found.group()


def _header(element: Element) -> _Header:
    said, hold = None, False
    for part in element:
        if local(part) == "ID":
            said = part.text or ""
        elif local(part) == "HoldRequests":
            hold = (part.text or "").strip().lower() in ("1", "true")
    if said is not None and len(said) > _MAX_ID:
        raise SoapError("the envelope's ID is too long", field="ID")
    return _Header(id=said, hold_requests=hold)


def _namespace(root: Element, content: Element) -> str:
    own = str(content.tag).rpartition("}")[0].removeprefix("{")
    for uri in (own, *root.nsmap.values(), *content.nsmap.values()):
        if uri and _NAMESPACE.fullmatch(uri):
            return uri
    return CWMP_1_0


# The encoding is fixed, since ``_utf_8`` has seen to it: a document cannot pick another one.
_PARSER = etree.XMLParser(
    encoding="utf-8",
    resolve_entities=False,
    load_dtd=False,
    dtd_validation=False,
    no_network=True,
    huge_tree=False,
    remove_comments=True,
    remove_pis=True,
)
