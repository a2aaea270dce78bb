"""``python -m fieldapp.cli``: the same command where no script was installed."""

from fieldapp.cli import main

main()
