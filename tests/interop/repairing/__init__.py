"""A message is replaced by an edited one while the connection is cut behind each frame that goes over the wire.

`python -m tests.interop.repairing --place rabbitmq-classic` tries all of them, with `--from log` on what a subscription
holds; `test_repairing` some.
"""
