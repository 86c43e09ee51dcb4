"""What administrators do: rosters, codes, links, and duties for which they agree with another."""
