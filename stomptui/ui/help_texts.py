"""What the help screen says about each place of the app, in one table; its keys come from `keymap/`.

A text is what a person must know to work there, a fact a line. It names no key, since a person can choose others.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, runtime_checkable

from stomptui.connection.dialect.base import Dialect
from stomptui.ui.keymap.place import Place


@runtime_checkable
class HasHelpFacts(Protocol):
    """A screen or widget that adds to the text of its place what holds at the moment."""

    def help_facts(self) -> list[str]:
        """Whole sentences, such as what a peek does on the broker that is connected."""


TEXTS: Mapping[Place, str] = {
    Place.LOG: """\
Every frame in both directions and every event of the connection is a row, the newest at the bottom. Going up \
stops following.
Messages leave a queue only by an action on them, by a subscription that consumes, or by a drain. A peek takes \
nothing out.
Actions work on the marked messages, or without marks on the one under the cursor. ctrl+p finds every \
action by its name.""",
    Place.SUBSCRIPTIONS: """\
Each subscription has its counters, its rate and its colour in the log. Enter shows only the messages of one.
live: a topic. hold: up to 100 messages are kept unacknowledged in the log. work: each message waits for your \
ack or nack. consume: messages leave the queue.
A paused subscription is unsubscribed. What it kept unacknowledged returns to the queue.""",
    Place.MESSAGE: """\
Body is decoded and laid out; Headers says what each header means; Wire and Hex are the bytes that crossed the \
wire.
Secrets are masked until you show them, also in what you copy. What you save is complete.""",
    Place.PEEK: """\
The messages that were in the queue when you peeked, oldest first. Peek again to see newer ones.
Messages that the peek keeps unacknowledged return when you leave, when the time is up, and when the connection ends.
Actions work on the marked messages, or without marks on the one under the cursor. A message leaves the queue \
only once it is known to be where it was sent.""",
    Place.COMPARE: """\
Headers stand beside each other by name, a repeat beside the repeat. What each delivery has its own of, such as \
message-id, stands last and is not counted; of two lengths the bodies tell.
Bodies that are both JSON are compared value by value, whatever the order of keys and the white space; other text by \
line, what is no text by byte. What was compressed is opened before.
≠ differs, − only the left has it, + only the right has it.""",
    Place.CHECK: """\
Each question is asked on connections of its own, which are not in the log, and on a destination with a random name. \
Nothing stays of it, and nobody else is disturbed.
no answer: nothing came in time. ends the session: the server ended it, with these words; the next question has a new \
one. not asked: says why.
A thorough check asks more, says before what that may do, and at the end what may stay on the broker.""",
    Place.RAW: """\
What is typed goes out byte for byte: nothing is checked, escaped or added, no NUL and no content-length either. A \
frame ends with its NUL, ^@; several may follow each other.
It is sent on a connection of its own, which is closed without a DISCONNECT once nothing has come for 2 seconds. What \
a SUBSCRIBE without acknowledgements gets there has left the queue.
The log has what was sent and what came, secrets masked.""",
    Place.QUEUE_LIST: """\
What the broker says of its queues and topics. Opening one peeks into it and takes nothing out.
ready: waiting for a consumer. unacked: delivered and not acknowledged yet. in/s and out/s: messages a second.
Watched dead letters are counted until you leave this broker: their number stands in the status bar, and new ones \
are a row in the log. The settings keep it on, and ring the bell or show a notification.""",
    Place.COMPOSE: """\
Headers are sent in the order you see, also those that repeat; pasted “name: value” lines become headers. The \
frame on the right is what will be sent, byte for byte.
confirmed: the broker answered with a RECEIPT; a hint under the destination says where that does not prove that \
a queue took the message. refused: it answered with an ERROR. unconfirmed: the connection ended first, or no \
answer came in time.
A draft stays after it is sent; one not sent is there at the next start, too. → completes a word; ↓ lists what fits.
The keys that size a pane or show it alone would be text in a field: they work once the letters to go by are shown.""",
    Place.CONNECT: """\
Paste a URL, such as stomp+ssl://guest@broker:61614/vhost, and it fills in the other fields.
Testing connects, says which broker answered, and leaves again; nothing is subscribed.
A profile has no passwords. They are typed, come from STOMPTUI_PASSWORD, or are in the system's keyring.""",
    Place.SUBSCRIBE_FORM: """\
peek: what is in the queue now, in a view of its own; nothing is taken.
hold: keeps up to 100 messages unacknowledged in the log; other consumers cannot receive these meanwhile.
work: each message waits for your ack or nack. Cumulative: an ack covers all messages before it too.
copies: of what is sent from now on; the queue is not touched.
live: what is published on a topic from now on. durable: the broker keeps it for you, also while you are away.
consume: every message shown leaves the queue.
The prefetch is how many messages the broker sends ahead of an acknowledgement.""",
    Place.PEEK_FORM: """\
A peek shows what is in a queue and takes nothing out. The notice says what this broker and this queue notice of \
it.
Where messages are kept unacknowledged, other consumers cannot receive them until the time is up or you leave.
“all” shows the whole queue, or says how many of how many it shows and why.""",
    Place.ACTION_FORM: """\
A move or a retry sends each message and removes it only once it is known to be at its target. A retry sends it \
to the queue it came from. A copy leaves it where it is; delete is permanent; what a reject does depends on the \
broker.
The target is checked first. If it may not keep what it confirms, you are asked. Headers that the broker would \
refuse or drop are listed.""",
    Place.RESULT: """\
Each reason stands once, with the numbers of its messages. Untouched messages are in their queue as before. \
“Perhaps” means that the connection broke before the broker answered: look in both queues.""",
    Place.TRANSFER_FORM: """\
A drain exports the messages of a queue to a file and empties the queue; each is removed only once it is on the \
disk.
A refill sends the messages of a file, in order, each to the destination in its line unless you name another.
The file has one JSON object per line. A new drain never overwrites a file unless you say so.""",
    Place.TRANSFER: """\
Stopping is safe: what was not written stays in the queue, and what was not sent stays in the file. The result \
says how many, and where to go on.""",
}
"""By the innermost place that has a text; questions explain themselves."""
IN_BROWSER = """\
In this browser tab: the browser's own menu pastes. Keys that the browser keeps for itself do not come here; the \
palette has every action. Files are those of the machine that stomptui runs on."""
"""What is different there, in every place."""


def broker_facts(dialect: Dialect) -> list[str]:
    """What a peek and a nack mean on a broker."""
    nack = dialect.acknowledgement.nack_meaning
    return [f"{_title(dialect)}. Peek: {dialect.peek_refusal or dialect.peek_meaning}. Nack: {nack}."]


def receipt_facts(dialect: Dialect, destination: str) -> list[str]:
    """What the receipt of a message to a destination proves."""
    doubt = dialect.receipt_proves(destination)
    return [f"{_title(dialect)}: {doubt or 'a receipt proves that it has taken the message'}."]


def _title(dialect: Dialect) -> str:
    return dialect.title[:1].upper() + dialect.title[1:]
