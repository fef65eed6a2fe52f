"""What a well-known guide to RabbitMQ with Python does with pika, timed. Takes its job as JSON on standard input."""

import json
import resource
import sys
import time

import pika

job = json.load(sys.stdin)
connection = pika.BlockingConnection(pika.URLParameters(job["url"]))
channel = connection.channel()
arguments = {"x-queue-type": job["queueType"]}
message = {"task_id": "email-4711", "recipient": "someone@example.com", "subject": "Your order", "text": "x" * job["size"]}


def publish():
    channel.queue_declare(queue=job["queue"], durable=True, arguments=arguments)
    channel.basic_publish(
        exchange="",
        routing_key=job["queue"],
        body=json.dumps(message).encode("utf-8"),
        properties=pika.BasicProperties(delivery_mode=2),
    )


def publish_all():
    if job["does"] == "publish_with_confirm":
        channel.confirm_delivery()
    for _ in range(job["count"]):
        publish()


def consume_all():
    seen = 0

    def on_message(ch, method, properties, body):
        nonlocal seen
        json.loads(body.decode("utf-8"))
        ch.basic_ack(delivery_tag=method.delivery_tag)
        seen += 1
        if seen == job["count"]:
            ch.stop_consuming()

    channel.basic_qos(prefetch_count=1)
    channel.basic_consume(queue=job["queue"], on_message_callback=on_message)
    channel.start_consuming()


def cpu():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


since, used = time.perf_counter(), cpu()
consume_all() if job["does"] == "consume" else publish_all()
seconds = time.perf_counter() - since
json.dump({"perSecond": job["count"] / seconds, "cpuEach": (cpu() - used) / job["count"] * 1e6}, sys.stdout)
connection.close()
