"""Sample messages of a shop: orders, invoices, jobs, failures; the same for the same random generator."""

from __future__ import annotations

import datetime
import gzip
import json
import random
import struct
from typing import NamedTuple

from stomptui.protocol.frame import Headers


class Sample(NamedTuple):
    """A message and its destination."""

    destination: str
    headers: Headers
    body: bytes


CUSTOMERS = (
    ("C-1042", "José Álvarez", "ES"),
    ("C-1077", "山田 太郎", "JP"),
    ("C-1131", "Zoë Müller", "DE"),
    ("C-1190", "Łukasz Żuraw", "PL"),
    ("C-1203", "Ольга Петрова", "BG"),
    ("C-1248", "Siobhán O'Neill", "IE"),
    ("C-2010", "Grace Hopper", "US"),
    ("C-2064", "Café Rendez-vous ☕", "US"),
    ("C-2113", "Rocket Supplies 🚀", "US"),
    ("C-2177", "Noe\u0301mi Dubois", "CA"),
)
ARTICLES = (
    ("LAMP-04", "Desk lamp", 3490),
    ("CHAIR-11", "Oak chair", 12900),
    ("MUG-日本", "Mug 日本", 1250),
    ("CABLE-2M", "USB-C cable, 2 m", 890),
    ("PEN-7", "Fountain pen", 4500),
    ("NOTE-A5", "Notebook A5", 690),
    ("PLANT-3", "Ficus 🌿", 2350),
)
STATUSES = ("created", "created", "created", "paid", "paid", "shipped", "cancelled")
HOSTS = ("shop-eu-1", "shop-eu-2", "shop-us-1")
JSON = "application/json"


def iso(when: float) -> str:
    """ISO 8601 in UTC, with milliseconds, of seconds since the epoch."""
    moment = datetime.datetime.fromtimestamp(when, datetime.timezone.utc)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def order(rnd: random.Random, number: int, when: float) -> Sample:
    """A live event: JSON on /topic/orders.eu or /topic/orders.us."""
    region = rnd.choice(("eu", "eu", "us"))
    customer = rnd.choice([c for c in CUSTOMERS if (c[2] in ("US", "CA")) == (region == "us")])
    lines: list[dict[str, object]] = []
    total = 0
    for sku, name, cents in rnd.sample(ARTICLES, rnd.randint(1, 3)):
        quantity = rnd.randint(1, 4)
        total += quantity * cents
        lines.append({"sku": sku, "name": name, "quantity": quantity, "price": cents / 100})
    status = rnd.choice(STATUSES)
    body = {
        "orderId": 48_000 + number,
        "status": status,
        "total": total / 100,
        "currency": "EUR" if region == "eu" else "USD",
        "customer": {"id": customer[0], "name": customer[1], "country": customer[2]},
        "lines": lines,
        "placedAt": iso(when),
    }
    headers = (
        ("app-id", "order-service"),
        ("content-type", JSON),
        ("type", f"order.{status}"),
        ("correlation-id", _hex(rnd, 8)),
        ("timestamp", str(int(when))),
        ("priority", rnd.choice("0459")),
        ("persistent", "true"),
    )
    return Sample(f"/topic/orders.{region}", headers, _json(body))


def audit(rnd: random.Random, number: int, when: float) -> Sample:
    """A line of plain text on /topic/audit."""
    who = rnd.choice(CUSTOMERS)[1]
    what = rnd.choice(("signed in", "changed the delivery address", "downloaded invoice", "asked for a refund 💶"))
    text = f"{iso(when)} {rnd.choice(HOSTS)} [{number:06d}] {who}: {what}\n"
    return Sample("/topic/audit", (("app-id", "gateway"), ("content-type", "text/plain;charset=utf-8")), text.encode())


def price(rnd: random.Random, number: int, when: float) -> Sample:
    """A price in a binary message, laid out as Protocol Buffers are, on /topic/prices."""
    sku, _, cents = rnd.choice(ARTICLES)
    body = (
        _field(1, sku.encode())
        + _field(2, cents + rnd.randint(-200, 200))
        + _field(3, int(when * 1000))
        + b"\x25"
        + struct.pack("<f", rnd.random())
        + _field(5, rnd.randbytes(12))
    )
    headers = (
        ("app-id", "pricing"),
        ("content-type", "application/octet-stream"),
        ("x-schema", "shop.pricing.v1.Price"),
        ("x-sequence", str(number)),
    )
    return Sample("/topic/prices", headers, body)


def invoice(rnd: random.Random, number: int, when: float) -> Sample:
    """JSON on /queue/invoices, every third one compressed with gzip."""
    customer = rnd.choice(CUSTOMERS)
    body = {
        "invoice": f"INV-{2026000 + number}",
        "customer": {"id": customer[0], "name": customer[1]},
        "issued": iso(when)[:10],
        "due": iso(when + 30 * 86_400)[:10],
        "currency": "EUR",
        "net": rnd.randint(1_000, 90_000) / 100,
        "vat": 0.19,
        "items": [
            {"sku": sku, "name": name, "quantity": rnd.randint(1, 9)} for sku, name, _ in rnd.sample(ARTICLES, 2)
        ],
        "paid": rnd.random() < 0.3,
    }
    data = _json(body)
    headers: tuple[tuple[str, str], ...] = (
        ("app-id", "billing"),
        ("content-type", JSON),
        ("correlation-id", f"INV-{2026000 + number}"),
        ("persistent", "true"),
        ("priority", "4"),
    )
    if number % 3 == 0:
        headers += (("content-encoding", "gzip"),)
        data = gzip.compress(data, mtime=0)
    return Sample("/queue/invoices", headers, data)


def job(rnd: random.Random, number: int, when: float) -> Sample:
    """XML on /queue/work."""
    name = rnd.choice(("render-label", "resize-images", "sync-stock", "send-mail"))
    customer = rnd.choice(CUSTOMERS)
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<job id="{7_000 + number}" name="{name}" attempt="1" xmlns="urn:example:jobs">'
        f"<created>{iso(when)}</created>"
        f'<customer id="{customer[0]}">{customer[1]}</customer>'
        f'<parameter name="locale">{customer[2].lower()}</parameter>'
        f"<note><![CDATA[first & only <{name}>]]></note>"
        "</job>"
    )
    headers = (
        ("app-id", "scheduler"),
        ("content-type", "application/xml"),
        ("type", name),
        ("reply-to", "/queue/work.done"),
        ("persistent", "true"),
    )
    return Sample("/queue/work", headers, text.encode())


def failure(rnd: random.Random, number: int, when: float) -> Sample:
    """A job that died, with the stack trace of what killed it, on /queue/errors."""
    kind, said = rnd.choice(
        (
            ("TimeoutError", "printer label-3 did not answer within 30 s"),
            ("KeyError", "'sku'"),
            ("UnicodeDecodeError", "'utf-8' codec can't decode byte 0xe9 in position 17: invalid continuation byte"),
            ("ConnectionRefusedError", "[Errno 111] Connection refused: stock.internal:8443"),
        )
    )
    where = rnd.choice(("labels", "stock", "mail"))
    text = (
        f"job {7_000 + number} failed at {iso(when)}\n"
        "Traceback (most recent call last):\n"
        f'  File "/srv/worker/main.py", line {rnd.randint(40, 90)}, in run\n'
        "    handler(job)\n"
        f'  File "/srv/worker/{where}.py", line {rnd.randint(10, 200)}, in handle\n'
        f"    return self.client.call(job.{where})\n"
        f"{kind}: {said}\n"
    )
    headers = (
        ("app-id", "worker"),
        ("content-type", "text/plain"),
        ("correlation-id", str(7_000 + number)),
        ("x-first-death-exchange", ""),
        ("x-first-death-queue", "work"),
        ("x-first-death-reason", rnd.choice(("rejected", "rejected", "expired"))),
        ("x-exception", kind),
        ("x-host", rnd.choice(HOSTS)),
        ("persistent", "true"),
    )
    return Sample("/queue/errors", headers, text.encode())


def reports(rnd: random.Random, when: float) -> list[Sample]:
    """Unusual messages on /queue/reports: large, empty, another charset, repeated headers, invalid JSON."""
    rows = [{"row": n, "sku": rnd.choice(ARTICLES)[0], "sold": rnd.randint(0, 99)} for n in range(4_000)]
    table = "sku;name;price\n" + "".join(f"{sku};{name};{cents / 100:.2f}\n" for sku, name, cents in ARTICLES)
    latin = "Rückgabe: Stuhl, beschädigt. Erstattung genehmigt.\n"
    kinds: list[tuple[Headers, bytes]] = [
        ((("content-type", JSON), ("x-report", "sales"), ("x-day", iso(when)[:10])), _json({"rows": rows})),
        ((("content-type", "text/csv;charset=utf-8"), ("x-report", "prices")), table.encode()),
        ((("content-type", "text/plain;charset=iso-8859-1"), ("x-report", "returns")), latin.encode("latin-1")),
        ((("content-type", JSON), ("x-report", "broken")), b'{"report": "cut off", "rows": [1, 2, '),
        ((("x-report", "heartbeat"), ("x-note", "an empty body: a C\\D line\nand another")), b""),
    ]
    return [Sample("/queue/reports", (("app-id", "reporting"), *headers), body) for headers, body in kinds]


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _hex(rnd: random.Random, size: int) -> str:
    return rnd.randbytes(size).hex()


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*out, number])


def _field(number: int, value: int | bytes) -> bytes:
    """A field of a Protocol Buffers message: a varint or bytes."""
    if isinstance(value, int):
        return _varint(number << 3) + _varint(value)
    return _varint(number << 3 | 2) + _varint(len(value)) + value
