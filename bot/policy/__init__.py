"""The protocol's rules as pure functions: facts in, a decision out. Standard library only."""
