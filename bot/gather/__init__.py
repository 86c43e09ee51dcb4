"""From Telegram's objects to facts: the only place that knows both worlds. Nothing is decided."""
