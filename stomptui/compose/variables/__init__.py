"""Variables in a draft: `{{uuid}}`, `{{now +5m}}` and the like, filled in once for each message that is sent.

They are an engine of our own and no template library: text around a variable goes out exactly as it was typed, byte for
byte; a template can run no code, however it came here; and what is wrong is told with its place in the field, while a
person types. A library that does all three would have most of itself switched off.
"""
