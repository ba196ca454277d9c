"""Speech by programs of their own: what makes sound, or hears words, never runs in the process that carries calls."""
