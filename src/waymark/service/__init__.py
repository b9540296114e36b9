"""The HTTP service: routes, limits, the answerer in use, builds while it runs."""
