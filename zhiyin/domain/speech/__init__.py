"""What a caller says: where an utterance begins and ends in its sound, and which choice its words mean. Pure."""
