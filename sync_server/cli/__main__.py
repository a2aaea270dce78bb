"""``python -m sync_server.cli``: the same command where no script was installed."""

from sync_server.cli import main

main()
