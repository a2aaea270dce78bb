"""What the server does with what it is sent; no HTTP and no SQL in here."""
