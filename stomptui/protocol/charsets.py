"""Names that Python takes for charsets and no other program does."""

from __future__ import annotations

# Python's own inventions, some of them in quadratic time.
NO_CHARSETS = ("idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined")
