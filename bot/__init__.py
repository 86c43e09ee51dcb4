"""Groepswacht: the bot that keeps the group-app rules of a school."""
