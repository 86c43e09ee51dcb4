"""Whose account this is, what he may ask about himself, and what a private message gets (B.7)."""
