"""What known headers mean, in the words of STOMP 1.2 or of the broker at hand."""

from __future__ import annotations

_STOMP = {
    "accept-version": "STOMP versions the client can speak",
    "ack": "what to send back as id in ACK or NACK",
    "content-length": "bytes in the body",
    "content-type": "what the body is",
    "content-encoding": "how the body is packed",
    "correlation-id": "ties a reply to its request",
    "destination": "where the message was sent to",
    "heart-beat": "can send every, wants to hear every (ms); 0 is never",
    "host": "the virtual host asked for",
    "id": "the subscription, or the message that is acknowledged",
    "login": "the user to connect as",
    "message": "what went wrong, in short",
    "message-id": "the server's name for this delivery",
    "passcode": "the password",
    "receipt": "asks the server to confirm this frame",
    "receipt-id": "confirms the frame that asked for this receipt",
    "redelivered": "true: was delivered before and came back",
    "reply-to": "where the sender wants the answer",
    "selector": "only messages that match this condition",
    "server": "the server software",
    "session": "the server's name for this connection",
    "subscription": "the id of the subscription that got it",
    "transaction": "part of this transaction, until COMMIT or ABORT",
    "user-name": "who the server takes this connection for",
    "version": "STOMP versions the server speaks; in CONNECTED, the one chosen",
}

_JMS = {
    "expires": "when it expires, ms since 1970; 0 is never",
    "priority": "0 to 9, 4 is usual",
    "timestamp": "when it was sent, ms since 1970",
    "type": "the sender's name for this kind of message (JMSType)",
    "JMSXGroupID": "messages of one group go to one consumer, in order",
    "JMSXGroupSeq": "position within its group",
    "JMSXDeliveryCount": "how many times it was delivered",
    "JMSXUserID": "who sent it",
}

_RABBITMQ = {
    "persistent": "true: survives a restart of the broker; 1: does not",
    "priority": "priority in the queue; more is sooner",
    "expiration": "lives for that many ms in a queue",
    "expires": "the sender's own header; RabbitMQ uses expiration",
    "timestamp": "set by the sender, seconds since 1970",
    "type": "the sender's name for this kind of message",
    "user-id": "the login that sent it, checked by the broker",
    "app-id": "the program that sent it",
    "cluster-id": "set by the sender, unused",
    "amqp-message-id": "the sender's id for this message",
    "message-id": "subscription@@session@@number: good for this connection only",
    "prefetch-count": "most unacknowledged messages at a time",
    "receipt": "stored by the broker from the sender's own SEND; confirms nothing here",
    "x-delivery-count": "times it went back to its quorum queue; 20 is the usual limit",
    "x-acquired-count": "times a consumer was given it",
    "x-first-death-exchange": "the exchange it was sent to when it first died",
    "x-first-death-queue": "the queue it first died in",
    "x-first-death-reason": "why it first died: rejected, expired, maxlen or delivery_limit",
    "x-last-death-exchange": "the exchange it was sent to when it last died",
    "x-last-death-queue": "the queue it last died in",
    "x-last-death-reason": "why it last died: rejected, expired, maxlen or delivery_limit",
    "x-stream-offset": "position in its stream, or where to begin reading",
    "x-stream-filter-value": "what filters of stream readers look at",
    "x-queue-name": "the queue to bind or share",
    "x-queue-type": "classic, quorum or stream; must match the queue",
    "x-message-ttl": "messages of the queue live for that many ms",
    "x-dead-letter-exchange": "where dead messages of the queue go",
    "x-dead-letter-routing-key": "under which name dead messages of the queue go",
    "requeue": "in NACK: false sends it to the dead letters",
    "durable": "true: the queue survives a restart",
    "auto-delete": "true: the queue goes with its last consumer",
    "exclusive": "true: for this connection only",
    "passive": "true: look, never create",
}

_ACTIVEMQ = {
    **_JMS,
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

_ARTEMIS = {
    **_JMS,
    "persistent": "true: survives a restart of the broker",
    "ack": "what to send back as id; a sender's own ack header stands before the real one",
    "content-length": "bytes in the body; on Artemis it also makes a bytes message",
    "destination": "where it was sent to, with the prefix the sender used",
    "destination-type": "ANYCAST is a queue, MULTICAST a topic",
    "subscription-type": "ANYCAST is a queue, MULTICAST a topic",
    "consumer-window-size": "bytes sent ahead of acknowledgements",
    "durable-subscription-name": "makes a topic subscription durable under this name",
    "client-id": "the client's name, under which durable subscriptions are kept",
    "message-id": "consumer,message; accepted as id in ACK",
    "receipt": "stored by the broker from the sender's own SEND; confirms nothing here",
    "_AMQ_ORIG_ADDRESS": "the address it was sent to before it died or expired",
    "_AMQ_ORIG_QUEUE": "the queue it died or expired in",
    "_AMQ_ORIG_MESSAGE_ID": "its id before it died or expired",
    "_AMQ_ORIG_ROUTING_TYPE": "of where it was: 0 multicast, 1 anycast",
    "_AMQ_ACTUAL_EXPIRY": "when it did expire, ms since 1970",
    "_AMQ_SCHED_DELIVERY": "not delivered before, ms since 1970",
    "_AMQ_DUPL_ID": "a second message with this id is thrown away",
    "_AMQ_GROUP_ID": "messages of one group go to one consumer (JMSXGroupID)",
    "_AMQ_LARGE_SIZE": "bytes in the body of a large message",
    "_AMQ_OperationSucceeded": "whether the management call worked",
    "_AMQ_ResourceName": "what is managed",
    "_AMQ_OperationName": "the management call",
    "_AMQ_NotifType": "what happened in the broker",
    "_AMQ_NotifTimestamp": "when it happened, ms since 1970",
    "_AMQ_Address": "the address it happened to",
    "_AMQ_RoutingName": "the queue it happened to",
    "_AMQ_ConsumerCount": "consumers left on the queue",
    "_AMQ_User": "the user it happened for",
    "_AMQ_RemoteAddress": "the client it happened for",
    "__AMQ_CID": "the connection that sent it",
    "AMQ_SCHEDULED_DELAY": "delivered after that many ms",
    "AMQ_SCHEDULED_TIME": "not delivered before, ms since 1970",
}

_SPRING = {
    "message-id": "session-number; the number counts in the order the broker saw",
    "receipt": "kept from the sender's own SEND; the simple broker confirms DISCONNECT only",
    "ack": "kept from the sender; the simple broker knows no acknowledgements",
    "user-name": "the user the server authenticated; without it nobody",
    "content-length": "bytes in the body; wrong where the server replaced bytes that are no text",
}

_BY_DIALECT = {"rabbitmq": _RABBITMQ, "activemq": _ACTIVEMQ, "artemis": _ARTEMIS, "spring": _SPRING}


def meaning(name: str, dialect: str = "unknown") -> str:
    """What a header means in a frame of that broker.

    Args:
        name: The header's name, as on the wire.
        dialect: "rabbitmq", "activemq", "artemis", "spring", "embedded" or "unknown".

    Returns:
        A few words, "" for a header that neither STOMP nor the broker defines.
    """
    return _BY_DIALECT.get(dialect, {}).get(name) or _STOMP.get(name, "")
