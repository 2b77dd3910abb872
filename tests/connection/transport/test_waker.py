"""A wake is never lost, whoever else wakes at the same time."""

from __future__ import annotations

import select
import threading

from stomptui.connection.transport.waker import Waker


def test_no_wake_is_lost_among_many_threads() -> None:
    waker = Waker()
    done = [0] * 4

    def work(index: int) -> None:
        for _ in range(5000):
            done[index] += 1
            waker.wake()

    threads = [threading.Thread(target=work, args=(index,)) for index in range(4)]
    for thread in threads:
        thread.start()
    seen = 0
    while seen < 20_000:
        assert select.select([waker], [], [], 10)[0], f"asleep at {seen} although there are {sum(done)}"
        waker.clear()
        seen = sum(done)
    for thread in threads:
        thread.join()
    waker.close()


def test_waking_after_the_end_is_harmless() -> None:
    waker = Waker()
    waker.close()
    waker.wake()
    waker.clear()
