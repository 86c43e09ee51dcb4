"""A school year ends and another begins: groups go on, leavers leave nothing open."""
