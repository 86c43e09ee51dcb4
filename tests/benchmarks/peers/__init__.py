"""Bare bots to be measured against: each only deletes, written as its own documentation shows."""
