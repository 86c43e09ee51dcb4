"""What the clock sets in motion. A tick carries no state: it looks for rows that are due."""
