"""The places where keys work, and what is to be known of each."""

from __future__ import annotations

from enum import Enum


class Place(Enum):
    """Where keys work; the value is its name for a person."""

    APP = "Everywhere"
    CONSOLE = "Console"
    QUEUES_AND_MESSAGES = "Console: queues and messages"
    LOG = "Log"
    SUBSCRIPTIONS = "Subscriptions"
    MESSAGE = "Message"
    MESSAGE_LINES = "Message: moving about"
    FIND = "Message: finding"
    PEEK = "Peek"
    PEEK_LIST = "Peek: list of messages"
    COMPARE = "Comparing"
    CHECK = "Checking a broker"
    RAW = "Raw frame"
    QUEUE_LIST = "List of queues"
    QUEUE_TABLE = "List of queues: moving about"
    COMPOSE = "Compose"
    HEADERS = "Compose: header lines"
    HEADER_SWITCH = "Compose: the switch of a header line"
    BODY_FILE = "Compose: a body from a file"
    BODY_PATH = "Compose: the path of a body"
    CONNECT = "Connection form"
    PROFILES = "Connection form: profiles"
    SUBSCRIBE_FORM = "Subscribing"
    PEEK_FORM = "Peek form"
    ACTION_FORM = "Move, copy, retry, delete, reject"
    RESULT = "Result of an action"
    TRANSFER_FORM = "Drain and refill form"
    TRANSFER = "Drain and refill"
    SERIES_FORM = "Series form"
    SERIES = "Series"
    SAVED = "Saved messages"
    SAVED_FORM = "Saving a message"
    CONFIRM = "Question"
    DURABLE_END = "Question about a durable subscription"
    NAME = "Question about a name"
    PROMPT = "Question with a field"
    HEADERS_TEXT = "Headers as text"
    COPY_PART = "Copying a part"
    CHOICE = "Choosing from a list"
    SETTINGS = "Settings"
    THEMES = "Settings: themes"
    CHOOSE_KEYS = "Settings: keys"
    NEW_KEY = "Settings: a new key"
    JUMP = "Letters to go by"
    DIALOG = "Every form and question"
    HELP = "Help"
    REFERENCE = "Reference"


WITH_REASONS = frozenset((Place.CONSOLE, Place.QUEUES_AND_MESSAGES, Place.LOG, Place.PEEK, Place.QUEUE_LIST))
"""Where a key that can do nothing at the moment says why."""
TOGETHER = (
    (Place.APP, Place.CONSOLE, Place.QUEUES_AND_MESSAGES, Place.LOG),
    (Place.APP, Place.PEEK, Place.PEEK_LIST),
    (Place.APP, Place.QUEUE_LIST, Place.QUEUE_TABLE),
    (Place.APP, Place.COMPOSE, Place.HEADERS),
    (Place.APP, Place.COMPARE, Place.MESSAGE_LINES),
    (Place.APP, Place.CHECK, Place.MESSAGE_LINES),
    (Place.APP, Place.RAW),
)
"""Places whose keys work at the same time."""
TYPED_IN = frozenset(
    (
        Place.COMPOSE,
        Place.HEADERS,
        Place.BODY_PATH,
        Place.RAW,
        Place.FIND,
        Place.CONNECT,
        Place.SUBSCRIBE_FORM,
        Place.PEEK_FORM,
        Place.ACTION_FORM,
        Place.TRANSFER_FORM,
        Place.SAVED,
        Place.SAVED_FORM,
        Place.NAME,
        Place.PROMPT,
        Place.HEADERS_TEXT,
        Place.COPY_PART,
        Place.CHOOSE_KEYS,
        Place.HELP,
        Place.DIALOG,
    )
)
"""Places with fields, in which a letter is typed and can be no key."""
