"""What every ``api.py`` shares: the shape of problems and lists, who may call, and CSV. No Django app, no tables."""
