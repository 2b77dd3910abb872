"""The names of headers and URL query fields whose values are secrets; a person can change the list.

A secret is masked wherever it would be painted, and kept out of every file. Names count as a whole, whatever their case
and whatever parts their words: `x-api-key`, `API_KEY` and `apiKey` are one name. `*` stands for any text. What a
person adds in settings.toml comes after this list and the last entry that fits a name decides, `!name` for "is none":

    secret_names = ["customer-number", "!code"]
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote

MASK = "••••••"
Spans = list[tuple[int, int]]
"""Where secrets begin and end in a text, in order, none of them within another."""

SECRET_NAMES = (
    *("authorization", "*-authorization", "authentication", "auth", "*-auth", "bearer", "basic-auth", "login-token"),
    *("cookie", "cookies", "*-cookie", "*-cookies", "set-cookie", "set-cookie2"),
    *("pass", "passcode", "passwd", "password", "passphrase", "passkey", "passwort", "pwd", "pw", "psk"),
    *("*-pass", "*-passcode", "*-passwd", "*-password", "*-passphrase", "*-passkey", "*-pwd", "*-psk"),
    *("*passcode", "*password", "*passwd", "*passphrase", "password-*"),
    *(
        "token",
        "tokens",
        "*-token",
        "*-tokens",
        "*token",
        "token-value",
        "*-token-value",
        "oauth-verifier",
        "security-token-*",
    ),
    *("secret", "secrets", "*-secret", "*secret", "*-secrets", "secret-*", "*-secret-*"),
    *("credential", "credentials", "*-credential", "*-credentials", "creds", "*-creds", "authz", "userpass"),
    *(
        "apikey",
        "xapikey",
        "apikeys",
        "api-keys",
        "api-key",
        "*-apikey",
        "*-api-key",
        "access-key",
        "accesskey",
        "*-access-key",
        "*-accesskey",
    ),
    *(
        "access-key-id",
        "*-access-key-id",
        "private-key",
        "privatekey",
        "privkey",
        "priv-key",
        "keypass",
        "*-private-key",
        "secretkey",
        "shared-key",
    ),
    *("*-shared-key", "signing-key", "*-signing-key", "encryption-key", "*-encryption-key", "master-key"),
    *("*-master-key", "account-key", "*-account-key", "auth-key", "authkey", "*-auth-key", "client-key", "session-key"),
    *("service-key", "*-service-key", "subscription-key", "*-subscription-key", "functions-key", "*-functions-key"),
    *("app-key", "*-app-key", "appkey", "consumer-key", "license-key", "deploy-key", "storage-key", "ssh-key"),
    *("sig", "*-sig", "signature", "*-signature", "hmac", "*-hmac", "sas", "*-sas", "hub-signature-*"),
    *("code", "auth-code", "authcode", "authorization-code", "access-code", "*-access-code", "verification-code"),
    *(
        "securitycode",
        "smscode",
        "one-time-code",
        "onetimecode",
        "email-code",
        "security-code",
        "device-code",
        "user-code",
        "login-code",
        "sms-code",
        "otp-code",
        "mfa-code",
        "2fa-code",
    ),
    *("code-verifier", "confirmation-code", "recovery-code", "backup-code", "activation-code", "reset-code"),
    *("otp", "*-otp", "totp", "*-totp", "hotp", "mfa", "*-mfa", "2fa", "*-2fa", "tan", "pin", "*-pin", "cvv", "cvc"),
    *("jwt", "*-jwt", "jws", "jwe", "assertion", "*-assertion", "saml", "saml-response", "samlresponse", "ticket"),
    *("*-ticket", "id-token-hint", "code-challenge", "magic", "magic-link", "oauth", "*-oauth", "dpop"),
    *("session", "sessions", "session-id", "sessionid", "*-session", "*-session-id", "*-sessionid", "sid", "*-sid"),
    *("sess", "sess-id", "sessid", "*-sessid", "jsessionid", "phpsessid", "aspsessionid*", "session-*-id"),
    *("csrf", "*-csrf", "xsrf", "*-xsrf", "csrfmiddlewaretoken", "csrf-*", "xsrf-*"),
    *("connection-string", "connectionstring", "*-connection-string", "dsn"),
)
"""The names, as `same_name` makes them."""

_LONGEST_COMPOSED = 1000
"""Characters of a name up to which accents are composed: it takes time in the square of their number."""
_WORD_BEGINS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=\b[Xx])(?=[A-Z][a-z])")
_PARTED = re.compile(r"[^\w*]+|_+")
_COUNTED = re.compile(r"(?<=[a-z]{3})-?[0-9]{1,2}$")
"""A number at the end of a name: `password2`."""
_CREDENTIALS = re.compile(
    r"(?i:bearer)\s+\S+\s*$|(?i:basic|negotiate|ntlm|apikey|token)\s+\S{8,}\s*$|(?i:digest|aws4-hmac-sha256)\s+\w+="
    r"|eyJ[\w-]{8,}\.[\w-]+\.[\w-]*\s*$"
)
"""How the value of an Authorization header begins (RFC 9110), and a JSON Web Token (RFC 7519)."""
_SOURCE_BEGINS = re.compile(r"\{\{[^\S\n]*(env|file|command)[^\S\n]+")
_BLANKED = "\N{OBJECT REPLACEMENT CHARACTER}"
_SCHEME = re.compile(r"(?:(?i:bearer|basic|digest|negotiate|ntlm|apikey|token|key)\s+)?")
"""What may stand before a source in a value that is no secret itself."""
_IN_QUERY = re.compile(r"(?P<mark>[?&;#])(?P<name>[^?&;#=\s]{1,200})=(?P<value>[^&;#\s\"'<>]*)")
_PATH_PARAMETER = re.compile(r";(?P<name>[^;/=]*)=(?P<value>[^;/]*(?:;[^;/=]*(?=[;/]|$))*)")
"""A parameter of a segment of a path (RFC 3986, 3.3); what follows a `;` without a `=` counts to the value before."""
_QUERY_FIELD = re.compile(r"(?:^|[&;])(?P<name>[^&;=]*)=(?P<value>[^&;]*(?:;[^&;=]*(?=[&;]|$))*)")
"""A field of a query, in which `;` may separate as `&` does; otherwise as a parameter of a path."""
_USERINFO = re.compile(r"(?<=[A-Za-z0-9+.-])://[^\s:@/?#]*:(?P<password>[^\s/?#\"'<>]*)@")


@dataclass(frozen=True)
class Source:
    """Where a header value, or a part of it, comes from."""

    kind: str
    """env, file or command."""
    argument: str
    """One line, without blanks around it, not empty."""
    begin: int
    """The place of its braces in the value."""
    end: int
    """The place behind them."""


def sources_of(value: str) -> Iterator[Source]:
    """What a header value is read from, as `{{env TOKEN}}`, in order; each character is looked at once or twice."""
    place = 0
    while begins := _SOURCE_BEGINS.search(value, place):
        place = begins.end()
        end = value.find("}}", place)
        if end < 0:
            return
        argument = value[place:end].strip()
        if "\n" in argument:
            # What begins before the line break ends here too, and is no source either.
            place = value.rfind("\n", place, end) + 1
        elif argument:
            place = end + 2
            yield Source(begins[1], argument, begins.start(), place)
        else:
            place = end


def has_source(value: str) -> bool:
    """Whether a header value, or a part of it, comes from somewhere else."""
    return next(sources_of(value), None) is not None


def sources_filled(text: str, fill: Callable[[Source], str]) -> str:
    """The text with something in place of each source."""
    parts, place = [], 0
    for source in sources_of(text):
        parts += [text[place : source.begin], fill(source)]
        place = source.end
    return "".join((*parts, text[place:]))


def outside_sources(text: str, change: Callable[[str], str]) -> str:
    """The text with what is no source changed."""
    parts, place = [], 0
    for source in sources_of(text):
        parts += [change(text[place : source.begin]), text[source.begin : source.end]]
        place = source.end
    return "".join((*parts, change(text[place:])))


def sources_blanked(text: str) -> str:
    """The text with each source made as many characters that mean nothing in a URL, as its own may."""
    return sources_filled(text, lambda source: _BLANKED * (source.end - source.begin))


def _only_source(value: str) -> bool:
    """Whether a value is no secret itself, since it only says where it comes from: `Bearer {{env TOKEN}}`."""
    value = value.strip()
    scheme = _SCHEME.match(value)
    source = next(sources_of(value), None) if scheme and value.startswith("{{", scheme.end()) else None
    return source is not None and scheme is not None and (source.begin, source.end) == (scheme.end(), len(value))


def without_sources(text: str) -> str:
    """The text without what says where a value is read."""
    return sources_filled(text, lambda source: "")


def same_name(name: str) -> str:
    """The normal form of a name: `X_API_KEY`, `apiKey`, `api.key` and `x-api-key` are all `api-key`."""
    name = name.strip()
    if len(name) <= _LONGEST_COMPOSED:
        name = unicodedata.normalize("NFC", name)
    parted = _WORD_BEGINS.sub("-", name).casefold()
    return _PARTED.sub("-", parted).strip("-").removeprefix("x-")


class SecretNames:
    """The list in use, one per process.

    Args:
        entries: Names and patterns, after `!` if what they match is no secret; the last that matches decides.
    """

    def __init__(self, entries: Iterable[str] = SECRET_NAMES) -> None:
        self.use(entries)

    def use(self, entries: Iterable[str]) -> None:
        """Replace the list."""
        rules = [(not entry.startswith("!"), same_name(entry.removeprefix("!"))) for entry in entries]
        self._whole = {name: (index, secret) for index, (secret, name) in enumerate(rules) if "*" not in name}
        self._patterns = [
            (index, secret, re.compile(re.escape(name).replace(r"\*", ".*"), re.DOTALL))
            for index, (secret, name) in enumerate(rules)
            if "*" in name
        ]
        self._patterns.reverse()
        self.has = lru_cache(4096)(self._has)

    def _has(self, name: str) -> bool:
        name = same_name(name)
        decided = self._decided(name)
        if decided is None and _COUNTED.search(name):
            decided = self._decided(_COUNTED.sub("", name))
        return bool(decided)

    def _decided(self, name: str) -> bool | None:
        """Whether the last entry that matches makes it a secret, None if none matches."""
        if not name:
            return None
        index, secret = self._whole.get(name, (-1, None))
        for place, says, pattern in self._patterns:
            if place < index:
                break
            if pattern.fullmatch(name):
                return says
        return secret


NAMES = SecretNames()


def use_secret_names(added: Iterable[str]) -> None:
    """Append the person's own entries to the built-in list, for the whole process."""
    NAMES.use((*SECRET_NAMES, *added))


def is_secret(name: str) -> bool:
    """Whether a header or URL parameter of that name carries a secret."""
    return NAMES.has(name)


def secret_spans(name: str, value: str) -> Spans:
    """Where the value of a header is secret: all of it, or parts of the URLs in it.

    Args:
        name: The name of the header.
        value: Its value. A Bearer token is secret whatever the header is called; what only says where the secret comes
            from, as `Bearer {{env TOKEN}}`, is none.
    """
    if _only_source(value):
        return spans_in_urls(value)
    if value and (is_secret(name) or _CREDENTIALS.match(value.lstrip())):
        return [(0, len(value))]
    return spans_in_urls(value)


def spans_in_urls(text: str) -> Spans:
    """Where the URLs in a text have passwords, and secret values in their queries; a source of one is none."""
    spans = []
    text = sources_blanked(text)
    if "://" in text:
        spans += [found.span("password") for found in _USERINFO.finditer(text) if found["password"]]
    if "=" in text:
        queries = (found for found in _IN_QUERY.finditer(text) if found["value"].strip(_BLANKED))
        spans += [found.span("value") for found in queries if is_secret(unquote(found["name"]))]
    return sorted(spans)


def spans_in_path(path: str) -> Spans:
    """Where a path and query, as of a WebSocket, have secret values: `/ws;jsessionid=X?a=b;token=X&sid=X`.

    What only says where a value is read, as `?token={{env TOKEN}}`, is none.
    """
    place, _, query = sources_blanked(path).partition("?")
    found = [(each, 0) for each in _PATH_PARAMETER.finditer(place)]
    found += [(each, len(place) + 1) for each in _QUERY_FIELD.finditer(query)]
    return [
        (each.start("value") + at, each.end("value") + at)
        for each, at in found
        if each["value"].strip(_BLANKED) and is_secret(unquote(each["name"]))
    ]


def path_without_secrets(path: str) -> str:
    """A path and query without the values of secrets: `/ws;jsessionid=?a=b;token=&sid=`."""
    return _replaced(path, spans_in_path(path), "")


def carries_secret(name: str, value: str) -> bool:
    """Whether the value of a header is a secret, or says where one is read, as `{{env TOKEN}}` does."""
    return bool(secret_spans(name, value) or has_source(value))


def masked(text: str, spans: Spans) -> str:
    """The text with a mask of fixed length in place of each secret."""
    return _replaced(text, spans, MASK)


def _replaced(text: str, spans: Spans, by: str) -> str:
    parts, place = [], 0
    for begin, end in spans:
        parts += [text[place:begin], by]
        place = end
    return "".join((*parts, text[place:]))


def without_secrets(name: str, value: str) -> str:
    """The value of a header with its secrets masked."""
    return masked(value, secret_spans(name, value))


def without_secrets_in_urls(text: str) -> str:
    """A text with the secrets in its URLs masked."""
    return masked(text, spans_in_urls(text))


def secrets_in(name: str, value: str) -> list[str]:
    """The secrets in the value of a header; a token also without its scheme, such as Bearer."""
    found = [value[begin:end] for begin, end in secret_spans(name, value)]
    return found + [text.split()[-1] for text in found if _CREDENTIALS.match(text)]
