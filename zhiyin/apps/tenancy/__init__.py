"""Companies, and the walls between them."""
