"""The SOAP envelope of CWMP: bytes in, bytes out, nothing else.

    envelope = parse(body, charset="utf-8")     # SoapError for anything that is not an envelope
    body = build(Envelope(InformResponse(), id=envelope.id, namespace=envelope.namespace))

Both ends use it: an answer echoes the ``id`` and the ``namespace`` of what it answers (TR-069 3.5).
No document type, entity or network is ever followed, and size, elements and depth are bounded.
"""

import re
from dataclasses import dataclass

from lxml import etree

from executors.acs.elements import ILLEGAL, Element, escaped, local
from executors.acs.errors import SoapError
from executors.acs.messages import Message
from executors.acs.reading import message_of
from executors.acs.writing import body_of

CWMP_1_0 = "urn:dslforum-org:cwmp-1-0"
CWMP_1_1 = "urn:dslforum-org:cwmp-1-1"
CWMP_1_2 = "urn:dslforum-org:cwmp-1-2"
"""Of versions 1.2, 1.3 and 1.4."""
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
_SECONDS = re.compile(r"[0-9]{1,9}")
_VERSION = re.compile(r"[0-9]{1,3}\.[0-9]{1,3}")
_HEADERS = frozenset({"HoldRequests", "SessionTimeout", "SupportedCWMPVersions", "UseCWMPVersion"})
_REFERENCE = re.compile(r"&#(?:x([0-9a-fA-F]{1,8})|([0-9]{1,8}));")
_TOO_DEEP = etree.XPath("boolean(" + "/*" * 16 + ")")


@dataclass(frozen=True, slots=True)
class Header:
    """What stands beside a message (TR-069 3.5, table 3)."""

    hold_requests: bool = False
    """From us alone: the device keeps its requests until an envelope without it."""
    session_timeout: int = 0
    """Seconds that a device may be silent in this session; 0 where it does not say (1.3)."""
    supported_versions: tuple[str, ...] = ()
    """What a device of 1.4 can speak, such as ``1.2``; empty from an older one."""
    use_version: str = ""
    """What we picked of them."""


_PLAIN = Header()


@dataclass(frozen=True, slots=True)
class Envelope:
    """One message and what its header says."""

    message: Message
    id: str | None = None
    """``cwmp:ID``: None when there was none, which an answer then has neither."""
    namespace: str = CWMP_1_0
    header: Header = _PLAIN


def build(envelope: Envelope) -> bytes:
    """The envelope as UTF-8; raises SoapError for text that XML cannot hold."""
    head = ""
    if envelope.id is not None:
        head += f'<cwmp:ID soap-env:mustUnderstand="1">{escaped(envelope.id)}</cwmp:ID>'
    if envelope.header is not _PLAIN:
        head += _written(envelope.header)
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
    said_id, header, content = None, _PLAIN, None
    for part in root:
        if local(part) == "Header":
            said_id, header = _header(part)
        elif local(part) == "Body":
            content = next(iter(part), None)
    if content is None:
        raise SoapError("the SOAP body is empty")
    return Envelope(
        message_of(content), id=said_id, namespace=_namespace(root, content), header=header
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


def _header(element: Element) -> tuple[str | None, Header]:
    said = {local(part): part.text or "" for part in element}
    said_id = said.get("ID")
    if said_id is not None and len(said_id) > _MAX_ID:
        raise SoapError("the envelope's ID is too long", field="ID")
    if not said.keys() & _HEADERS:
        return said_id, _PLAIN
    timeout = said.get("SessionTimeout", "").strip()
    versions = said.get("SupportedCWMPVersions", "").replace(",", " ").split()
    return said_id, Header(
        hold_requests=said.get("HoldRequests", "").strip().lower() in ("1", "true"),
        session_timeout=int(timeout) if _SECONDS.fullmatch(timeout) else 0,
        supported_versions=tuple(each for each in versions if _VERSION.fullmatch(each)),
        use_version=said.get("UseCWMPVersion", "").strip(),
    )


def _written(header: Header) -> str:
    head = ""
    if header.hold_requests:
        head += '<cwmp:HoldRequests soap-env:mustUnderstand="1">1</cwmp:HoldRequests>'
    if header.session_timeout:
        head += f"<cwmp:SessionTimeout>{header.session_timeout}</cwmp:SessionTimeout>"
    if header.supported_versions:
        versions = escaped(",".join(header.supported_versions))
        head += f"<cwmp:SupportedCWMPVersions>{versions}</cwmp:SupportedCWMPVersions>"
    if header.use_version:
        version = escaped(header.use_version)
        head += f'<cwmp:UseCWMPVersion soap-env:mustUnderstand="1">{version}</cwmp:UseCWMPVersion>'
    return head


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
