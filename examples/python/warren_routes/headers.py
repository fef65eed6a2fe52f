"""The headers on the copy of a failed message; docs/how-to/runtime.md of warren lists them."""

from datetime import datetime, timezone

# All headers of a message have to fit into one frame of the protocol, which may be as small as 4 KiB.
LONGEST_ERROR = 1000
LARGEST_COUNT = 1_000_000
OF_DELIVERY = {"CC", "BCC", "x-death", "x-delivery-count", "x-acquired-count", "x-stream-offset"}


def is_reserved(name):
    """Whether the header belongs to warren or to a delivery, and a program must not set it."""
    return name.startswith("x-warren-") or belongs_to_delivery(name)


def belongs_to_delivery(name):
    """Whether the broker would route or count a copy wrongly because of the header."""
    return name in OF_DELIVERY or name.startswith(("x-first-death-", "x-last-death-"))


def retries_of(headers):
    """The number of retries so far. Publishers can set any header, so what is not a count is 0."""
    value = (headers or {}).get("x-warren-attempt")
    is_count = isinstance(value, int) and not isinstance(value, bool) and 0 < value <= LARGEST_COUNT
    return value if is_count else 0


def headers_of_copy(method, headers, reason, error, attempt):
    """The headers of the copy of a failed message."""
    received = headers or {}
    kept = {name: value for name, value in received.items() if not belongs_to_delivery(name)}
    now = datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {
        **kept,
        "x-warren-attempt": attempt,
        "x-warren-reason": reason,
        "x-warren-error": _shortened(f"{type(error).__name__}: {error}"),
        "x-warren-first-failed": _text(received, "x-warren-first-failed", now),
        "x-warren-exchange": _text(received, "x-warren-exchange", method.exchange),
        "x-warren-routing-key": _text(received, "x-warren-routing-key", method.routing_key),
    }


def _text(headers, name, otherwise):
    value = headers.get(name)
    return value if isinstance(value, str) and len(value) <= 255 else otherwise


def _shortened(text):
    encoded = text.encode()
    return text if len(encoded) <= LONGEST_ERROR else encoded[: LONGEST_ERROR - 3].decode(errors="ignore") + "…"
