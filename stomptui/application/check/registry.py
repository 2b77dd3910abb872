"""Every question of a check, in the order they are asked and shown."""

from __future__ import annotations

from stomptui.application.check.question import Question
from stomptui.application.check.questions import acknowledging, connecting, limits, messages, receipts

QUESTIONS: tuple[Question, ...] = (
    *connecting.QUESTIONS,
    *receipts.QUESTIONS,
    acknowledging.RECEIPT_OF_NACK,
    *messages.QUESTIONS,
    *acknowledging.QUESTIONS,
    *messages.TRANSACTIONS,
    *limits.QUESTIONS,
)
