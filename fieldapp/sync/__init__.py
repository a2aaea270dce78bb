"""How sealed batches leave a vault and come into it: sealing, opening, exchange, proof."""
