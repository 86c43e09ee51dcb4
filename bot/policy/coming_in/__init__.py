"""Who comes into a group, who is in it, and who is still too young to decide that alone."""
