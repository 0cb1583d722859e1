"""Views: each takes a request apart, asks the rooms below, and picks a template. What is worked out is elsewhere."""
