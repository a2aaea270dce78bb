"""One component a screen; ``routes`` lists them all."""
