"""What colleagues tell each other: notices to be acknowledged, the bulletin, the forum."""
