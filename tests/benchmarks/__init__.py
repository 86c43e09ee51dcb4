"""Our bot and three bare bots, side by side against one pretend Bot API server, in one run."""
