"""The subscriptions that the person wants, which outlive the sessions that carry them."""
