"""Groups of staff: may the bot be there, is the lock on, who looks after them (B.4, B.5, B.6)."""
