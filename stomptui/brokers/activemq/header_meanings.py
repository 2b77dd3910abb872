"""What headers mean in frames of ActiveMQ Classic, in a few words each."""

from __future__ import annotations

from stomptui.brokers.jms import header_meanings

MEANINGS = {
    **header_meanings.MEANINGS,
    "persistent": "true: survives a restart of the broker",
    "ack": "what to send back as id in ACK or NACK; the only id accepted in 1.2",
    "amq-msg-type": "text or bytes: which kind of JMS message it becomes",
    "content-length": "bytes in the body; on ActiveMQ it also makes a bytes message",
    "browser": "browsing: looks without taking; end marks the last one",
    "client-id": "the client's name, under which durable subscriptions are kept",
    "dlqDeliveryFailureCause": "why it became a dead letter",
    "original-destination": "where it was before it moved",
    "originalDestination": "where it was before it became a dead letter",
    "originalExpiration": "when it would have expired; 0 is never",
    "originBrokerId": "the broker that told it (advisory)",
    "originBrokerName": "the broker that told it (advisory)",
    "originBrokerURL": "the broker that told it (advisory)",
    "response-id": "an older name of receipt-id",
    "scheduledJobId": "the delay that released it",
    "transformation": "how a body that is no text was turned into one",
    "AMQ_SCHEDULED_DELAY": "delivered after that many ms",
    "AMQ_SCHEDULED_PERIOD": "ms between repetitions",
    "AMQ_SCHEDULED_REPEAT": "how often it is repeated",
    "AMQ_SCHEDULED_CRON": "when it is delivered, as cron says it",
    "activemq.prefetchSize": "most unacknowledged messages at a time",
    "activemq.subscriptionName": "makes a topic subscription durable under this name",
    "activemq.priority": "priority of this consumer",
    "activemq.exclusive": "true: the only consumer that gets messages",
    "activemq.retroactive": "true: also what was sent shortly before",
}
