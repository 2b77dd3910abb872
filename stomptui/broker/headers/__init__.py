"""What a header of SEND does on each broker, and what becomes of a message's headers when it is sent again.

`rules` judges one header for one broker; compose tells what it says, and `carrying` acts on it for a whole message.
"""

from __future__ import annotations

from stomptui.broker.headers.rules import Effect, HeaderRules, Setting, Verdict, Way

__all__ = ["Effect", "HeaderRules", "Setting", "Verdict", "Way"]
