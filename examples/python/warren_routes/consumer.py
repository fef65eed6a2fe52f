"""Consumes a subscription of a topology, with its retries and dead letters."""

import pika

from . import bodies
from .bodies import InvalidMessage
from .headers import headers_of_copy, retries_of

# The properties that a copy keeps. `expiration` would start again, and the broker checks `user_id` against this login.
COPIED = (
    "content_type",
    "content_encoding",
    "priority",
    "correlation_id",
    "reply_to",
    "message_id",
    "timestamp",
    "type",
    "app_id",
)


class DoNotRetry(Exception):
    """Raised by a handler for a failure that no further attempt can mend."""


def consume(connection, routes, name, handler):
    """
    Calls `handler(body, properties)` for each message until the connection ends. Returning acknowledges the message; raising is
    a failed attempt, which the retries and the dead letters of the queue take care of.

    A handler that takes longer than two heartbeats loses the connection, and the broker delivers its message again.
    """
    subscription = routes.subscription(name)
    failures = _Failures(connection, subscription)
    rule = subscription.get("message", {})

    def on_message(channel, method, properties, content):
        try:
            if "x-claim-check" in (properties.headers or {}):
                raise InvalidMessage("its body is in a payload store, which this package does not read")
            handler(bodies.decode(content, properties, rule), properties)
        except Exception as error:
            failures.handle(channel, method, properties, content, error)
        else:
            channel.basic_ack(method.delivery_tag)

    channel = connection.channel()
    channel.basic_qos(prefetch_count=subscription.get("prefetch", 1))
    channel.basic_consume(subscription["queue"], on_message)
    channel.start_consuming()


class _Failures:
    """Moves failed messages to their delay queue or to the dead letters."""

    def __init__(self, connection, subscription):
        self._name = subscription["name"]
        self._rule = subscription["failure"]
        self._copies = connection.channel()
        self._copies.confirm_delivery()

    def handle(self, channel, method, properties, content, error):
        rule = self._rule
        if rule["kind"] == "onFailure":
            return self._without_dead_letters(channel, method, error)
        is_final = isinstance(error, (InvalidMessage, DoNotRetry))
        if rule["kind"] == "native":
            retries = self._counted_by_queue(properties)
            if not is_final and retries < rule["attempts"]:
                # The queue counts a reject and delays the message; basic.nack would not count from RabbitMQ 4.3 on.
                return channel.basic_reject(method.delivery_tag, requeue=True)
            steps = []
        else:
            retries = retries_of(properties.headers)
            steps = [] if is_final else self._steps(retries)
        if not steps and rule["last"] == "discard":
            return channel.basic_ack(method.delivery_tag)
        targets = [(rule["exchange"], step["routingKey"], retries + 1) for step in steps] or [
            (rule["last"]["exchange"], rule["last"]["routingKey"], retries)
        ]
        reason = "invalid" if isinstance(error, InvalidMessage) else "error"
        self._copy(targets, method, properties, content, reason, error)
        # Only now, when a queue has the copy: if this program ends before, the broker delivers the message again.
        channel.basic_ack(method.delivery_tag)

    def _steps(self, retries):
        """The next delay, then the others, the nearest first, for when its queue does not exist. Empty after the last one."""
        delays = self._rule["delays"]
        if retries >= len(delays):
            return []
        wanted = delays[retries]
        others = {each["routingKey"]: each for each in delays if each["delay"] > 0 and each != wanted}
        return [wanted, *sorted(others.values(), key=lambda each: abs(each["delay"] - wanted["delay"]))]

    def _copy(self, targets, method, properties, content, reason, error):
        """Publishes the copy to the first queue that is bound. Raises if none is, or the broker does not take it."""
        kept = {name: getattr(properties, name) for name in COPIED}
        for exchange, routing_key, attempt in targets:
            headers = headers_of_copy(method, properties.headers, reason, error, attempt)
            try:
                copy = pika.BasicProperties(headers=headers, delivery_mode=2, **kept)
                # With confirms and mandatory this returns when a queue has the copy, and raises otherwise.
                return self._copies.basic_publish(exchange, routing_key, content, copy, mandatory=True)
            except pika.exceptions.UnroutableError as unroutable:
                last = unroutable
        raise last

    def _counted_by_queue(self, properties):
        value = (properties.headers or {}).get("x-delivery-count", 0)
        return value if isinstance(value, int) else 0

    def _without_dead_letters(self, channel, method, error):
        if self._rule["action"] == "discard" and not isinstance(error, InvalidMessage):
            return channel.basic_ack(method.delivery_tag)
        raise RuntimeError(
            f"subscription {self._name!r} failed on a message, which is requeued: declare retry or deadLetter on its queue"
        ) from error
