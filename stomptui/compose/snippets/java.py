"""A snippet for Java with Spring's client over a plain socket or TLS, in one file that `java` runs from its source."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator

from stomptui.compose.snippets.message import (
    PASSWORD,
    RECEIPT,
    Field,
    SnippetMessage,
    Target,
    about,
    as_text,
    comment,
    readable,
)

PIECE = 8_000
"""Characters of one literal: a constant of Java has at most 65,535 bytes."""
PARTS = "org.springframework:spring-messaging, org.springframework:spring-context, "
PARTS += "io.projectreactor.netty:reactor-netty-core"
_MEDIA_TYPE = re.compile(r"[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+(?:\s*;\s*[A-Za-z0-9_-]+=[A-Za-z0-9_.+-]+)*")
IMPORTS = (
    "io.netty.handler.ssl.SslContextBuilder",
    "io.netty.handler.ssl.util.InsecureTrustManagerFactory",
    "java.io.File",
    "java.nio.charset.StandardCharsets",
    "java.util.Base64",
    "java.util.concurrent.CompletableFuture",
    "java.util.concurrent.TimeUnit",
    "org.springframework.messaging.simp.stomp.ReactorNettyTcpStompClient",
    "org.springframework.messaging.simp.stomp.StompCommand",
    "org.springframework.messaging.simp.stomp.StompHeaders",
    "org.springframework.messaging.simp.stomp.StompReactorNettyCodec",
    "org.springframework.messaging.simp.stomp.StompSession",
    "org.springframework.messaging.simp.stomp.StompSessionHandlerAdapter",
    "org.springframework.messaging.tcp.reactor.ReactorNettyTcpClient",
    "org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler",
)
CLASS = """
public class Send {
    static void fail(String why) {
        System.err.println("not confirmed: " + why);
        System.exit(1);
    }

    static String variable(String name) {
        if (System.getenv(name) == null) fail(name + " is not set");
        return System.getenv(name);
    }

    public static void main(String[] arguments) {
        try {
            send();
        } catch (Exception error) {
            fail(error.toString());
        }
    }

    static void send() throws Exception {
"""
HANDLER = """        CompletableFuture<String> confirmed = new CompletableFuture<>();
        StompSessionHandlerAdapter handler = new StompSessionHandlerAdapter() {
            @Override
            public java.lang.reflect.Type getPayloadType(StompHeaders error) {
                return byte[].class;
            }

            @Override
            public void handleFrame(StompHeaders error, Object payload) {
                String body = payload instanceof byte[] bytes ? " " + new String(bytes, StandardCharsets.UTF_8) : "";
                confirmed.complete(error.getFirst("message") + body);
            }

            @Override
            public void handleException(
                    StompSession session, StompCommand command, StompHeaders sent, byte[] body, Throwable error) {
                confirmed.complete(error.toString());
            }

            @Override
            public void handleTransportError(StompSession session, Throwable error) {
                confirmed.complete(error.toString());
            }
        };
        StompSession session = null;
        try {
            session = client.connectAsync(connect, handler).get(20, TimeUnit.SECONDS);
        } catch (Exception error) {
            fail(confirmed.getNow(String.valueOf(error.getMessage())));
        }
"""
WAIT = """        StompSession.Receiptable receipt = session.send(headers, body);
        receipt.addReceiptTask(() -> confirmed.complete(""));
        try {
            String why = confirmed.get(20, TimeUnit.SECONDS);
            if (!why.isEmpty()) fail(why);
        } catch (java.util.concurrent.TimeoutException error) {
            fail("no receipt came");
        }
"""
END = """        session.disconnect();
        System.out.println("sent");
        System.exit(0);
    }
}
"""


def refusal(target: Target) -> str:
    """Why it cannot be done there, "" if it can."""
    if target.websocket:
        return "Spring's client needs a server's container for WebSocket"
    if target.version == "1.0":
        return "Spring's client speaks STOMP 1.1 and 1.2"
    return "Spring's client takes no other name for a certificate" if target.tls and target.server_name else ""


def write(message: SnippetMessage) -> str:
    """The program."""
    target = message.target
    run = 'java -cp "lib/*" Send.java'
    lines = [_ascii(line) for line in comment("//", about(message, PARTS, run, "Spring", _gaps(message)))]
    code = [f"ReactorNettyTcpStompClient client = {_client(target)};"]
    code += ["ThreadPoolTaskScheduler scheduler = new ThreadPoolTaskScheduler();", "scheduler.initialize();"]
    code += ["client.setTaskScheduler(scheduler);", "client.setDefaultHeartbeat(new long[] {0, 0});"]
    code += ["StompHeaders connect = new StompHeaders();"]
    code += [f"connect.setLogin({_text(target.login)});"] if target.login else []
    code += [f'connect.setPasscode(variable("{PASSWORD}"));'] if target.password else []
    code += [f"connect.setHost({_text(target.vhost)});"] if target.vhost is not None else []
    code += [f"connect.add({_text(each.name)}, {_value(each)});" for each in target.headers]
    fields = ["StompHeaders headers = new StompHeaders();"]
    fields += [f"headers.add({_text(field.name)}, {_value(field)});" for field in message.fields]
    fields += [f'headers.setReceipt("{RECEIPT}");'] if message.receipt else []
    fields += [f"byte[] body = {_body(message.body)};"]
    own = any(field.name == "receipt" for field in message.fields)
    send = WAIT if message.receipt or own else "        session.send(headers, body);\n"
    program = "".join([CLASS, *_lines(code), HANDLER, *_lines(fields), send, END])
    used = [name for name in IMPORTS if re.search(rf"\b{name.rpartition('.')[2]}\b", program)]
    return "\n".join([*lines, *(f"import {name};" for name in used), program])


def _lines(statements: Iterable[str]) -> Iterator[str]:
    return (f"        {statement}\n" for statement in statements)


def _gaps(message: SnippetMessage) -> Iterator[str]:
    names = [field.name for field in message.fields]
    for name in message.repeated:
        first, last = names.index(name), len(names) - 1 - names[::-1].index(name)
        if last - first + 1 != names.count(name):
            yield f"the order of the header {name}: its lines come one after the other"
    for field in message.fields:
        if readable(field.value) != field.value or readable(field.name) != field.name:
            yield f"bytes that are not UTF-8 in the header {readable(field.name)}: sent as U+FFFD"
        if field.name == "content-type" and not field.variable and not _MEDIA_TYPE.fullmatch(field.value):
            yield "a content-type that is no media type: Spring refuses it"
    if not message.content_length:
        yield "a frame without content-length: it adds one"
    if message.target.version != "1.2":
        yield "STOMP 1.1 alone: it offers 1.2 too, and the broker chooses"


def _client(target: Target) -> str:
    # One made from host and port alone needs Reactor Netty's HTTP as well.
    if not target.tls:
        place = f"{_text(target.host)}, {target.port}"
        return f"new ReactorNettyTcpStompClient(new ReactorNettyTcpClient<>({place}, new StompReactorNettyCodec()))"
    context = "SslContextBuilder.forClient()"
    if not target.verify:
        context += ".trustManager(InsecureTrustManagerFactory.INSTANCE)"
    elif target.ca_file:
        context += f".trustManager(new File({_text(target.ca_file)}))"
    if target.cert_file:
        key = target.key_file or target.cert_file
        context += f".keyManager(new File({_text(target.cert_file)}), new File({_text(key)}))"
    # The name in the certificate is compared with the host by this alone.
    check = '"HTTPS"' if target.verify else "null"
    indent = "\n" + " " * 12
    return (
        f"new ReactorNettyTcpStompClient(new ReactorNettyTcpClient<>({indent}"
        f"tcp -> tcp.host({_text(target.host)}).port({target.port}).secure(tls -> {{{indent}"
        f"    try {{{indent}"
        f"        tls.sslContext({context}.build()).handlerConfigurator(ssl -> {{{indent}"
        f"            javax.net.ssl.SSLParameters checks = ssl.engine().getSSLParameters();{indent}"
        f"            checks.setEndpointIdentificationAlgorithm({check});{indent}"
        f"            ssl.engine().setSSLParameters(checks);{indent}"
        f"        }});{indent}"
        f"    }} catch (javax.net.ssl.SSLException error) {{{indent}"
        f"        throw new IllegalArgumentException(error);{indent}"
        f"    }}{indent}"
        f"}}),{indent}new StompReactorNettyCodec()))"
    )


def _body(body: bytes) -> str:
    text = as_text(body)
    if text is not None:
        return f"{_pieces(text)}.getBytes(StandardCharsets.UTF_8)"
    return f"Base64.getDecoder().decode({_pieces(base64.b64encode(body).decode())})"


def _pieces(text: str) -> str:
    """A text as an expression."""
    if len(text) <= PIECE:
        return _text(text)
    indent = ",\n" + " " * 12
    pieces = (_text(text[at : at + PIECE]) for at in range(0, len(text), PIECE))
    return 'String.join("",\n' + " " * 12 + indent.join(pieces) + ")"


def _value(field: Field) -> str:
    return f'variable("{field.variable}")' if field.variable else _text(field.value)


def _text(text: str) -> str:
    """A literal in ASCII: which encoding a source is read in differs. An escape of a line end would end the line."""
    short = {"\n": "\\n", "\r": "\\r", "\t": "\\t", '"': '\\"', "\\": "\\\\"}
    found = []
    for c in readable(text):
        if c in short or " " <= c <= "~":
            found.append(short.get(c, c))
        else:
            units = c.encode("utf-16-be")
            found += [f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2)]
    return '"' + "".join(found) + '"'


def _ascii(line: str) -> str:
    return "".join(c if c.isascii() else "?" for c in line)
