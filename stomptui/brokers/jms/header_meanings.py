"""What headers mean that ActiveMQ Classic and Artemis have in common."""

from __future__ import annotations

MEANINGS = {
    "expires": "when it expires, ms since 1970; 0 is never",
    "priority": "0 to 9, 4 is usual",
    "timestamp": "when it was sent, ms since 1970",
    "type": "the sender's name for this kind of message (JMSType)",
    "JMSXGroupID": "messages of one group go to one consumer, in order",
    "JMSXGroupSeq": "position within its group",
    "JMSXDeliveryCount": "how many times it was delivered",
    "JMSXUserID": "who sent it",
}
