"""The registry of what else can be done with the draft; the menu and its part of the palette are made from it."""

from __future__ import annotations

from collections.abc import Callable

from stomptui.connection.subscriptions.subscription import WantedSubscription
from stomptui.protocol.features import Feature
from stomptui.ui.console import text_actions
from stomptui.ui.console.compose_action import ComposeAction
from stomptui.ui.console.composing import Composing
from stomptui.ui.console.repairing import let_go, put_back
from stomptui.ui.widgets.log.message_log import MessageLog


def _of_pane(action: str) -> Callable[[Composing], None]:
    """What runs an action of the pane, which has a key of its own as well."""

    def run(composing: Composing) -> None:
        composing.screen.run_worker(composing.pane.run_action(action))

    return run


def _compare(composing: Composing) -> None:
    from stomptui.ui.message_actions.comparing import compare_draft

    console, draft = composing.console, composing.pane.draft.copy()
    log = composing.screen.query_one("#log", MessageLog)
    compare_draft(composing.screen, console.journal, log, draft, console.version)


def _not_compared(composing: Composing) -> str:
    from stomptui.ui.message_actions.comparing import row_to_compare

    log = composing.screen.query_one("#log", MessageLog)
    repair = composing.pane.draft.repairs
    if repair is not None and not repair.lapsed:
        return ""
    return "" if row_to_compare(composing.console.journal, log) else "no message is under the cursor of the log"


def _raw(composing: Composing) -> None:
    composing.raw_frames.open(composing.pane.draft.copy())


def _not_raw(composing: Composing) -> str:
    if composing.pane.draft.repairs is not None:
        return "it replaces a message, which would stay where it is"
    return "" if composing.console.connected else "there is no connection"


def _no_repair(composing: Composing) -> str:
    """Why the draft takes the place of no message, "" if it does."""
    return "" if composing.pane.draft.repairs is not None else "it replaces no message"


def _not_put_back(composing: Composing) -> str:
    repair = composing.pane.draft.repairs
    return "the original cannot be found again" if repair is not None and repair.lapsed else _no_repair(composing)


def _errors_watched(composing: Composing) -> str:
    """Why the application's errors cannot be subscribed to now, "" if they can."""
    main, place = composing.console.main_connection, composing.console.dialect.errors_at
    if main is None or not composing.console.connected:
        return "there is no connection"
    return "they are subscribed to" if any(watch.destination == place for watch in main.wanted) else ""


def _watch_errors(composing: Composing) -> None:
    main, place = composing.console.main_connection, composing.console.dialect.errors_at
    if main is not None and place:
        main.add(WantedSubscription(place))
        composing.screen.notify(f"Subscribed to {place}.", markup=False)


ACTIONS: tuple[ComposeAction, ...] = (
    ComposeAction(
        "save", "Save", "to its file, or under a name", lambda c: c.saved.action_save_message(), "library template keep"
    ),
    ComposeAction(
        "save-as",
        "Save as…",
        "under another name",
        lambda c: c.saved.save_as(),
        words="library template copy",
    ),
    ComposeAction(
        "saved-messages",
        "Saved messages…",
        "open, rename, duplicate, delete",
        lambda c: c.saved.action_saved_messages(),
        words="library templates open load",
    ),
    ComposeAction(
        "history",
        "Earlier drafts…",
        "those sent, and those set aside",
        _of_pane("history"),
        "history past previous again",
    ),
    ComposeAction(
        "series",
        "Send a series…",
        "many, or one per line of a file",
        _of_pane("series"),
        "csv bulk batch repeat load rate",
    ),
    ComposeAction(
        "request",
        "Send as a request",
        "waits for the answer",
        lambda composing: composing.send_as(composing.requesting.send),
        words="rpc reply answer ask question round trip reply-to correlation-id",
        changes=True,
        refusal=lambda composing: composing.console.requests.refusal,
    ),
    ComposeAction(
        "requests",
        "Requests…",
        "open an answer, or stop waiting",
        lambda composing: composing.requesting.choose(),
        words="answers replies stop waiting",
        refusal=lambda composing: composing.requesting.none,
    ),
    ComposeAction(
        "request-limit",
        "Time limit of requests…",
        "how long to wait for an answer",
        lambda composing: composing.requesting.ask_limit(),
        words="timeout seconds wait",
    ),
    ComposeAction(
        "begin",
        "Begin a transaction",
        "sends take effect at the commit",
        lambda composing: composing.transacting.begin(),
        words="begin transaction atomic",
        changes=True,
        needs=Feature.TRANSACTIONS,
        refusal=lambda composing: composing.transacting.begin_refusal,
    ),
    ComposeAction(
        "commit",
        "Commit the transaction",
        "delivers what was sent in it",
        lambda composing: composing.transacting.end("COMMIT"),
        words="end transaction",
        changes=True,
        needs=Feature.TRANSACTIONS,
        refusal=lambda composing: composing.transacting.end_refusal,
    ),
    ComposeAction(
        "abort",
        "Abort the transaction",
        "discards what was sent in it",
        lambda composing: composing.transacting.end("ABORT"),
        words="rollback cancel end transaction",
        changes=True,
        needs=Feature.TRANSACTIONS,
        refusal=lambda composing: composing.transacting.end_refusal,
    ),
    ComposeAction(
        "errors",
        "Subscribe to application errors",
        "at /user/queue/errors, by custom",
        _watch_errors,
        words="failed silent silence no answer exception spring",
        of_application=True,
        refusal=_errors_watched,
    ),
    ComposeAction(
        "headers-text",
        "Edit headers as text…",
        "name: value, one on each line",
        text_actions.edit_headers,
        words="header lines raw paste",
    ),
    ComposeAction(
        "body-text",
        "Edit the body as text",
        "decoded here, encoded when sent",
        text_actions.edit_body,
        words="decode msgpack cbor protobuf gzip binary",
        refusal=text_actions.no_bytes,
    ),
    ComposeAction(
        "encode",
        "Encode the body as…",
        "MessagePack, CBOR, gzip, …",
        text_actions.encode_body,
        words="msgpack cbor gzip compress binary",
        refusal=text_actions.no_text,
    ),
    ComposeAction(
        "check-json",
        "Check the body as JSON",
        "goes to the first error",
        lambda c: c.pane.body_actions.check_json(),
        words="validate lint syntax",
    ),
    ComposeAction(
        "minify",
        "Minify the body",
        "JSON without the blanks",
        lambda c: c.pane.body_actions.minify(),
        words="compact shrink json",
    ),
    ComposeAction(
        "take-apart",
        "Take the frame in the body apart",
        "it becomes the message",
        text_actions.take_apart,
        words="parse pasted frame",
        refusal=text_actions.no_frame,
    ),
    ComposeAction(
        "file",
        "Take the body from a file…",
        "any file, byte for byte",
        _of_pane("body_file"),
        "attach load upload binary",
    ),
    ComposeAction(
        "values",
        "Values of variables…",
        "a named set, such as staging",
        lambda c: c.saved.values.ask(),
        words="environments environment variables staging local set",
    ),
    ComposeAction(
        "copy-as",
        "Copy as…",
        "a program, a JSON line, or bytes",
        _of_pane("copy_as"),
        "python shell curl javascript lua java clipboard export code",
    ),
    ComposeAction(
        "compare",
        "Compare with the selected message…",
        "in the log, or the original",
        _compare,
        words="diff difference versus side by side",
        refusal=_not_compared,
    ),
    ComposeAction(
        "raw",
        "Raw frame…",
        "any bytes, sent unchecked",
        _raw,
        words="bytes wire malformed unchecked escape nul command",
        changes=True,
        refusal=_not_raw,
    ),
    ComposeAction(
        "add-tab",
        "Open another draft",
        "an empty one, in its own tab",
        _of_pane("add_tab"),
        "new tab",
    ),
    ComposeAction(
        "close-tab",
        "Close this draft",
        "unsent ones go to earlier drafts",
        _of_pane("close_tab"),
        "end leave tab",
    ),
    ComposeAction("next-tab", "Next open draft", "in the tab after this one", _of_pane("draft(1)"), "tabs"),
    ComposeAction("previous-tab", "Previous open draft", "in the tab before this one", _of_pane("draft(-1)"), "tabs"),
    ComposeAction(
        "repair-in-place",
        "Put it back where the original is",
        "at the end of its queue",
        lambda c: put_back(c.pane),
        words="repair edit replace same queue in place",
        changes=True,
        refusal=_not_put_back,
        of_repair=True,
    ),
    ComposeAction(
        "repair-let-go",
        "Leave the original where it is",
        "this becomes an ordinary message",
        lambda c: let_go(c.pane, c.pane.draft.repairs),
        words="repair edit retry dead letter",
        refusal=_no_repair,
        of_repair=True,
    ),
)
"""Every such thing, in the order of the menu: keeping, sending, editing, looking, tabs, and last what a repair has."""
