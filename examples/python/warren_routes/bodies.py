"""Bodies of messages as bytes: JSON, text or bytes, and compressed where the route says so."""

import gzip
import json
import zlib

JSON_TYPE = "application/json"
# The largest body that a compressed message may expand to where the subscription has no maxBytes.
LARGEST_BODY = 128 * 1024 * 1024


class InvalidMessage(Exception):
    """The message cannot be handled, now or later: it goes to the dead letters without a retry."""


def encode(body, rule):
    """The bytes of a body, before they are compressed."""
    if isinstance(body, (bytes, bytearray)):
        return bytes(body)
    if _is_json(rule.get("contentType", JSON_TYPE)):
        return json.dumps(body, ensure_ascii=False, allow_nan=False).encode()
    if isinstance(body, str):
        return body.encode()
    raise TypeError(f"a body of type {rule['contentType']} must be bytes or str")


def compress(content, rule):
    """The bytes that are sent, and the value of content-encoding."""
    encoding = rule.get("encoding")
    if encoding is None:
        return content, None
    if encoding != "gzip":
        raise ValueError(f"this package does not write the encoding {encoding}")
    return gzip.compress(content), encoding


def decode(content, properties, rule):
    """The body for the handler. The content type that is declared takes precedence over that of the message."""
    if rule.get("encoding") is not None:
        content = _decompress(content, properties.content_encoding, rule.get("maxBytes", LARGEST_BODY))
    content_type = rule.get("contentType") or properties.content_type or JSON_TYPE
    try:
        if _is_json(content_type):
            return json.loads(content, parse_constant=_no_json)
        return content.decode() if content_type.startswith("text/") else content
    except ValueError as error:
        # The text of the error holds parts of the body, which must not be logged.
        raise InvalidMessage(f"the body is not {content_type}") from error


def _no_json(constant):
    raise ValueError(f"{constant} is not JSON")


def _is_json(content_type):
    kind = content_type.split(";")[0].strip().lower()
    return kind == JSON_TYPE or kind.endswith("+json")


def _decompress(content, encoding, most):
    name = (encoding or "identity").lower()
    if name == "identity":
        return content
    if name != "gzip":
        raise InvalidMessage(f"this package does not read the encoding {name[:20]}")
    # A few bytes can expand to gigabytes, so this stops at the limit.
    stream = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
    try:
        plain = stream.decompress(content, most + 1)
    except zlib.error as error:
        raise InvalidMessage("the body is not gzip") from error
    if len(plain) > most:
        raise InvalidMessage(f"it has more than {most} bytes when decompressed")
    if not stream.eof:
        raise InvalidMessage("the body is not gzip")
    return plain
