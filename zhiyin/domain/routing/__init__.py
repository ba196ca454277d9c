"""Who gets it next. Pure."""
