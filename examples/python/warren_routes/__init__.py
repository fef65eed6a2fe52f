"""Publish and consume over the routes of a compiled topology, as warren/runtime does for Node.js."""

from .bodies import InvalidMessage
from .consumer import DoNotRetry, consume
from .publisher import InvalidPublish, Publisher
from .routes import Routes

__all__ = ["DoNotRetry", "InvalidMessage", "InvalidPublish", "Publisher", "Routes", "consume"]
