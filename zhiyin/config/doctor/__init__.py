"""``zhiyin doctor``: looks for what keeps an installation from working, before or while it runs, and says what to "
"do."""
