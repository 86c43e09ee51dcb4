"""What the operator and the school decide: settings of the machine, and the school's own choices.

The edge of the house. Everything is read once at the start and passed on as values; no other
package reads the environment, and nothing of ours is imported here.
"""
