"""A property: no message is called moved, copied or sent while it is not.

Each seed makes one case: some messages with headers of every kind that a broker or the console gives a meaning to, a
target of every kind that a broker has, and a way there (a move, a copy, a retry, or a refill from a file). The console
does it by its own entry points. Then a bare socket and the broker's own counters show where each message is, and that
is compared with what the console reported.

`python -m tests.interop.keeping --broker rabbitmq43 --seeds 1000 --from 0` runs many.
"""
