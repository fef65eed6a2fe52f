"""Orders a report: python3 publish.py 2026-11"""

import os
import sys

import pika

from warren_routes import Publisher, Routes

connection = pika.BlockingConnection(pika.URLParameters(os.environ["WARREN_AMQP_URL"]))
publisher = Publisher(connection, Routes.load("topology.json"))
message_id = publisher.publish("make-report", {"month": sys.argv[1]}, parameters={"region": "eu"})
print(f"the broker has message {message_id}")
connection.close()
