"""Publishes over the publications of a topology."""

import re
import time
import uuid

import pika

from . import bodies
from .headers import is_reserved

# The largest message of a publication without maxBytes: the default limit of RabbitMQ 4.
LARGEST_MESSAGE = 16 * 1024 * 1024


class InvalidPublish(ValueError):
    """The message was not sent, because it does not fit its publication."""


class Publisher:
    """
    Publishes with confirms: `publish` returns when the broker has the message.

    It raises `pika.exceptions.UnroutableError` when no queue takes a mandatory message, `pika.exceptions.NackError` when a
    queue refuses it, and another `pika.exceptions.AMQPError` when the connection is lost. Only in the last case is it
    unknown whether the broker has the message: publish it again with the same `message_id`.
    """

    def __init__(self, connection, routes):
        self._routes = routes
        self._channel = connection.channel()
        self._channel.confirm_delivery()

    def publish(self, name, body, parameters=None, message_id=None, headers=None, **properties):
        """
        :param parameters: the words for the `{parameter}` parts of the routing key
        :param properties: further properties of `pika.BasicProperties`, such as `correlation_id`
        :return: the message id
        """
        publication = self._routes.publication(name)
        rule = publication.get("message", {})
        content = bodies.encode(body, rule)
        most = rule.get("maxBytes", LARGEST_MESSAGE)
        if len(content) > most:
            raise InvalidPublish(f"publication {name!r}: the message has {len(content)} bytes, and {most} is the maximum")
        content, encoding = bodies.compress(content, rule)
        reserved = next(filter(is_reserved, headers or {}), None)
        if reserved is not None:
            raise InvalidPublish(f"publication {name!r}: a program cannot set the header {reserved!r}")
        message_id = message_id or str(uuid.uuid4())
        expiration = publication.get("expiration")
        self._channel.basic_publish(
            publication["exchange"],
            _routing_key(publication, parameters or {}),
            content,
            pika.BasicProperties(
                **{
                    "content_type": rule.get("contentType", bodies.JSON_TYPE),
                    "content_encoding": encoding,
                    "message_id": message_id,
                    "delivery_mode": 2 if publication["persistent"] else 1,
                    "headers": {**publication["headers"], **(headers or {})},
                    "expiration": None if expiration is None else str(expiration),
                    "priority": publication.get("priority"),
                    "timestamp": int(time.time()),
                    **properties,
                }
            ),
            mandatory=publication["mandatory"],
        )
        return message_id


def _routing_key(publication, parameters):
    name, key, declared = publication["name"], publication["routingKey"], publication["parameters"]
    if set(parameters) != set(declared):
        raise InvalidPublish(f"publication {name!r}: its parameters are {', '.join(declared) or 'none'}")

    def word(match):
        parameter = match[1]
        if parameter not in parameters:
            return match[0]
        value = str(parameters[parameter])
        if value == "" or "." in value:
            raise InvalidPublish(f"publication {name!r}: the parameter {parameter!r} must be one word without a dot")
        return value

    return re.sub(r"\{([^{}]*)\}", word, key)
