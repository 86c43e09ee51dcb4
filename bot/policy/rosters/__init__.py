"""The school's list of people: reading a file of it, and what a new one changes."""
