"""Makes reports: python3 worker.py"""

import os

import pika

from warren_routes import DoNotRetry, Routes, consume


def make_report(body, properties):
    if "month" not in body:
        raise DoNotRetry("a report without a month")
    if body["month"] == "never":
        raise ValueError("the numbers are not there yet")
    print(f"report {body['month']} is made (message {properties.message_id})", flush=True)


connection = pika.BlockingConnection(pika.URLParameters(os.environ["WARREN_AMQP_URL"]))
consume(connection, Routes.load("topology.json"), "reports", make_report)
