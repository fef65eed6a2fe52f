# A worker for the queue "email" with its retries, in addition to those that use warren/runtime.
import json
import os
from datetime import datetime, timezone

import pika

QUEUE = "email"
# The routing keys of the delays on email.failed, in order.
DELAYS = os.environ.get("RETRY_DELAYS", "1s 30s 5m").split()
OF_THE_BROKER = ("CC", "BCC", "x-death", "x-delivery-count", "x-acquired-count", "x-first-death-", "x-last-death-")


def work(order):
    if "id" not in order:
        raise ValueError("an order without an id")
    print(f"order {order['id']} is paid", flush=True)


def failed_copy(method, properties, reason, error, attempt):
    """The properties of the copy that takes the failed message's place."""
    before = properties.headers or {}
    now = datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    headers = {name: value for name, value in before.items() if not name.startswith(OF_THE_BROKER)}
    headers["x-warren-attempt"] = attempt
    headers["x-warren-reason"] = reason
    headers["x-warren-error"] = f"{type(error).__name__}: {error}"[:1000]
    # Later copies keep these headers.
    headers.setdefault("x-warren-first-failed", now)
    headers.setdefault("x-warren-exchange", method.exchange)
    headers.setdefault("x-warren-routing-key", method.routing_key)
    return pika.BasicProperties(
        headers=headers,
        delivery_mode=2,
        message_id=properties.message_id,
        correlation_id=properties.correlation_id,
        type=properties.type,
        content_type=properties.content_type,
        timestamp=properties.timestamp,
    )


def on_message(channel, method, properties, body):
    retries = (properties.headers or {}).get("x-warren-attempt", 0)
    try:
        order = json.loads(body)
    except ValueError as error:
        pass_on(method, properties, body, "dead", "invalid", error, retries)
    else:
        try:
            work(order)
        except Exception as error:
            is_last = retries >= len(DELAYS)
            key = "dead" if is_last else DELAYS[retries]
            pass_on(method, properties, body, key, "error", error, retries if is_last else retries + 1)
    # Only now: if publishing the copy has failed, this program ends, and the broker delivers the message again.
    channel.basic_ack(method.delivery_tag)


def pass_on(method, properties, body, key, reason, error, attempt):
    copy = failed_copy(method, properties, reason, error, attempt)
    # With confirms and mandatory this returns when a queue has the copy, and raises otherwise.
    copies.basic_publish(f"{QUEUE}.failed", key, body, copy, mandatory=True)


connection = pika.BlockingConnection(pika.URLParameters(os.environ["WARREN_AMQP_URL"]))
copies = connection.channel()
copies.confirm_delivery()
deliveries = connection.channel()
deliveries.basic_qos(prefetch_count=10)
deliveries.basic_consume(QUEUE, on_message)
deliveries.start_consuming()
