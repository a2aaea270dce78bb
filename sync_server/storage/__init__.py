"""What the server keeps: tables, the engine under them, and the queries over them."""
