"""One file is one step; a published step never changes."""
