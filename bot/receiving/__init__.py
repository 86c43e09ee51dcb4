"""What comes in: polling, the way to the one handler, and what was missed."""
