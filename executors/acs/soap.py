"""The SOAP envelope of CWMP: bytes in, bytes out, nothing else.

    envelope = parse(body, charset="utf-8")     # SoapError for anything that is not an envelope
    body = build(Envelope(InformResponse(), id=envelope.id, namespace=envelope.namespace))

Both ends use it: an answer echoes the ``id`` and the ``namespace`` of what it answers (TR-069 3.5).
No document type, entity or network is ever followed, and size, elements and depth are bounded.
"""

import re

from lxml import etree

from executors.acs.elements import ILLEGAL, Element, escaped, local
from executors.acs.envelope import CWMP_1_0, NAMESPACE, NOTHING_SAID, Envelope, Header, header_of
from executors.acs.errors import SoapError
from executors.acs.plain_inform import plain_inform
from executors.acs.reading import message_of
from executors.acs.writing import body_of

CONTENT_TYPE = 'text/xml; charset="utf-8"'
MAX_BYTES = 4 * 1024 * 1024
_MAX_TAGS = 400_000

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


def build(envelope: Envelope) -> bytes:
    """The envelope as UTF-8; raises SoapError for text that XML cannot hold."""
    head = ""
    if envelope.id is not None:
        head += f'<cwmp:ID soap-env:mustUnderstand="1">{escaped(envelope.id)}</cwmp:ID>'
    if envelope.header is not NOTHING_SAID:
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
    plain = plain_inform(body) if charset.lower() in _UTF_8 else None
    return parsed(_utf_8(body, charset)) if plain is None else plain


def parsed(document: bytes) -> Envelope:
    """Read an envelope in UTF-8 with a parser, however plain it is."""
    root = _root(document)
    if local(root) != "Envelope" or _TOO_DEEP(root):
        raise SoapError("this is XML, but no SOAP envelope")
    said_id, header, content = None, NOTHING_SAID, None
    for part in root:
        if local(part) == "Header":
            said_id, header = header_of({local(each): each.text or "" for each in part})
        elif local(part) == "Body":
            content = next(iter(part), None)
    if content is None:
        raise SoapError("the SOAP body is empty")
    return Envelope(
        message_of(content), id=said_id, namespace=_namespace(root, content), header=header
    )


def _root(document: bytes) -> Element:
    try:
        return _tree(document)
    except etree.XMLSyntaxError:
        # Network names with control characters or broken UTF-8 in them: keep the rest readable.
        mended = _mended(document)
    try:
        return _tree(mended)
    except etree.XMLSyntaxError:
        # lxml quotes the document, so its text goes no further.
        raise SoapError("this is not well-formed XML") from None


def _tree(document: bytes) -> Element:
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
        if uri and NAMESPACE.fullmatch(uri):
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
