"""What customers answered when they were asked how it was (满意度)."""
