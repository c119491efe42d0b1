"""What is kept: tables, and every query as a named function taking a session."""
