"""The controls of every screen: named for screen readers, 48 points high, one look."""
