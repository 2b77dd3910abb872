"""What headers mean in frames of Artemis, in a few words each."""

from __future__ import annotations

from stomptui.brokers.jms import header_meanings

MEANINGS = {
    **header_meanings.MEANINGS,
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
