"""Headers to try on brokers: (name, value) by the kind of broker that makes something special of them."""

from __future__ import annotations

import time

Sample = tuple[str, str]

NOW = int(time.time() * 1000)
LATER, PAST = str(NOW + 3_600_000), str(NOW - 60_000)
NUMBERS = ("0", "5", "9", "10", "15", "99", "127", "128", "255", "300", "-1", "-128", "-129", "+5", "007", "2147483648")
NO_NUMBERS = ("", "abc", "1.5", "0x10", "1e3", "2026-01-01", "soon")
BLANKS = (" 5", "5 ")
LONG_ONES = ("x" * 255, "x" * 256, "é" * 128)


def of(name: str, *values: str) -> list[Sample]:
    """One header with several values."""
    return [(name, value) for value in values]


ANY = [
    *of("n", "", "a:b", "line\nfeed", "carriage\rreturn", "back\\slash", "é日本😀", " blank ", "not utf-8 \udce9"),
    *of("a:b", "v"),
    *of("a b", "v"),
    *of("é", "v"),
    *of("not \udce9 utf-8", "v"),
    *of("persistent", "true", "false", "1", "TRUE", "yes", ""),
    *of("priority", *NUMBERS, *NO_NUMBERS, *BLANKS),
    *of("timestamp", "0", "1700000000", "1700000000000", "-1", "+5", *NO_NUMBERS, *BLANKS),
    *of("expires", LATER, PAST, "0", "-1", "5", *NO_NUMBERS, *BLANKS),
    *of("correlation-id", "", "c"),
    *of("type", "", "t"),
    *of("content-type", "", "text/plain"),
    *of("ttl", "x"),
    *of("selector", "x"),
    *of("browser", "x"),
    *of("host", "x"),
    *of("id", "x"),
    *of("session", "x"),
    *of("ack", "own"),
    *of("redelivered", "own"),
    *of("subscription", "own"),
    *of("message-id", "own"),
    *of("transaction", "own"),
    ("n" * 255, "v"),
    ("n" * 300, "v"),
    ("é" * 128, "v"),
    ("n", "v" * 10_238),
    ("n", "v" * 10_240),
    ("n", "\n" * 5_120),
]
RABBITMQ = [
    *of("persistent", "True", " true"),
    *of("expiration", "60000", "+60000", "0", "-1", "-0", "315360000000", "315360000001", "4294967296"),
    *of("expiration", *NO_NUMBERS, *BLANKS),
    *(sample for name in ("correlation-id", "type", "content-type", "app-id") for sample in of(name, *LONG_ONES)),
    *(sample for name in ("content-encoding", "amqp-message-id") for sample in of(name, *LONG_ONES)),
    *of("user-id", "guest", "Guest", "", "other"),
    *of("CC", "a", ""),
    *of("BCC", "a"),
    *of("cc", "a"),
    *of("reply-to", "", "r", "/queue/r", "/amq/queue/r", "/topic/t", "/exchange/e/k", "/reply-queue/r", "/queue/a%2Fb"),
    *of(
        "reply-to", "/temp-queue/x", "/queue/a/b", "/queue/", "/foo", "queue://r", "/remote-temp-queue/ID:x", "/topic/"
    ),
    *of("durable", "true", "false", "x"),
    *of("auto-delete", "true", "x"),
    *of("exclusive", "true", "x"),
    *of("x-queue-type", "quorum", "x"),
    *of("x-dead-letter-exchange", "x"),
    *(
        sample
        for name in ("x-message-ttl", "x-expires", "x-max-length")
        for sample in of(name, "1", "0", "-1", "x", "")
    ),
    *(
        sample
        for name in ("x-max-length-bytes", "x-max-priority", "x-stream-max-segment-size-bytes")
        for sample in of(name, "1", "x", "")
    ),
    *of("x-delivery-limit", "1", "x"),
    *of("x-delivery-count", "5"),
    *of("x-death", "a"),
    *of("x-overflow", "drop-head"),
    *of("x-first-death-queue", "q"),
]
JMS = [
    *of("priority", "-2147483649"),
    *of("reply-to", "r", "/queue/r", "/topic/t", "queue://r", "/reply-queue/r", "/remote-temp-queue/ID:x", "/foo"),
    *of("AMQ_SCHEDULED_DELAY", "0", "1", "+5", *NO_NUMBERS, *BLANKS, "9223372036854775808"),
    *of("expires", "9223372036854775807", "9223372036854775808"),
    *of("timestamp", "9223372036854775807", "9223372036854775808"),
    *of("JMSXGroupID", "g"),
    *of("expiration", "soon", "60000"),
    *of("amqp-message-id", "x" * 300),
    *of("CC", "a"),
    *of("user-id", "other"),
    *of("x-message-ttl", "x"),
    *of("x-max-length", "1"),
]
ACTIVEMQ = [
    *of("reply-to", "/queue/", "/topic/", "/queue/ ", "/remote-temp-queue/", "/temp-queue/x", "/queue/a?b=c"),
    *of("AMQ_SCHEDULED_DELAY", "-1"),
    *of("AMQ_SCHEDULED_PERIOD", "x", "", "-1"),
    *of("AMQ_SCHEDULED_REPEAT", "0", "1", "x", "", "-1", "2147483648"),
    *of(
        "AMQ_SCHEDULED_CRON", "x", "", "* * * *", "0 0 * * MON", "0 0 * * 7", "0 0 * 13 *", "5-1 * * * *", "*/0 * * * *"
    ),
    *of("JMSTimestamp", "5", "x", ""),
    *of("JMSPriority", "x", ""),
    *of("JMSExpiration", "x", "", PAST),
    *of("JMSXGroupSeq", "1", "x", "", "2147483648"),
    *of("JMSXDeliveryCount", "x", ""),
    *of("JMSXUserID", "me"),
    *of("JMSRedelivered", "true"),
    *of("JMSType", "t"),
    *of("JMSCorrelationID", "c"),
    *of("JMSReplyTo", "", " ", "queue://", "q", "queue://q", "topic://t", "/queue/q", "/topic/t", "/queue/", "/foo"),
    *of("JMSDeliveryMode", "x", "", "PERSISTENT", "NON_PERSISTENT", "persistent", "2", "1", "0"),
    *of("JMSPriority", "7", "15", "-1"),
    *of("JMSMessageID", "ID:own"),
    *of("JMSDestination", "/queue/q"),
    *of("JMSDeliveryTime", "1", "x"),
    *of("JMSXAppID", "a"),
    *of("JMSXProducerTXID", "p"),
    *of("JMSXRcvTimestamp", "5"),
    *of("JMSXState", "1"),
    *of("amq-msg-type", "text", "bytes", "TEXT", "map", "", "x"),
    *of("transformation", "x"),
    *of("originalExpiration", "x"),
    *of("original-destination", "x"),
]
ARTEMIS = [
    *of("AMQ_SCHEDULED_DELAY", "-1"),
    *of("AMQ_SCHEDULED_TIME", "0", "1", "x", "", "9223372036854775808"),
    *of("_AMQ_DUPL_ID", "d"),
    *of("_AMQ_INGRESS_TIMESTAMP", "5", "x", "", "true"),
    *of("_AMQ_ROUTE_TO", "x"),
    *of("_AMQ_ROUTE_TOo", "x"),
    *of("_AMQ_BRIDGE_DUP", "x"),
    *of("_AMQ_ROUTING_TYPE", "x"),
    *of("_AMQ_GROUP_ID", "g"),
    *of("_AMQ_ORIG_ADDRESS", "x"),
    *of("_AMQ_LVQ_NAME", "x"),
    *of("_HDR_ORIG_ADDRESS", "x"),
    *of("_AMQ_LARGE_COMPRESSED", "true"),
    *of("_AMQ_ResourceName", "x"),
    *of("JMSXGroupSeq", "x"),
    *of("JMSReplyTo", "q", "queue://q", "/queue/q"),
    *of("JMSType", "t"),
    *of("JMSCorrelationID", "c"),
    *of("JMSDeliveryMode", "PERSISTENT", "x"),
    *of("JMSPriority", "7", "x"),
    *of("JMSExpiration", "1", "x"),
    *of("JMSTimestamp", "1", "x"),
    *of("JMSMessageID", "ID:own"),
    *of("JMSDestination", "/queue/q"),
    *of("JMSRedelivered", "true"),
    *of("JMSXUserID", "me"),
    *of("JMSXDeliveryCount", "4"),
    *of("transformation", "x"),
]
SAMPLES = {
    "box": ANY + RABBITMQ + JMS,
    "rabbitmq": ANY + RABBITMQ,
    "rabbitmq40": ANY + RABBITMQ,
    "rabbitmq43": ANY + RABBITMQ,
    "activemq5": ANY + JMS + ACTIVEMQ,
    "activemq6": ANY + JMS + ACTIVEMQ,
    "artemis": ANY + JMS + ARTEMIS,
}
"""By the name of a broker's fixture, what is tried there."""
EVERY = sorted({sample for samples in SAMPLES.values() for sample in samples})
