"""The coach in a browser, without Telegram: a small Bot API server, a clock that plays, and a page."""
