"""The subscriptions a person wants, across the sessions that carry them."""
