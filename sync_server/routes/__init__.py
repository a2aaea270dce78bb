"""HTTP: bytes to the exchange and back; what they mean is decided below."""
