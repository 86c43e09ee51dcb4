"""What goes out: the outbox worker, Telegram's limits, and one executor for every effect."""
