"""`make bench`: what Baraza costs on this machine, each number beside the bare libraries' own.

    python -m tests.benchmarks [--out FILE] [--quick] [--only NAME]

Laws:
  * One run measures the app and the raw primitives in turns; a comparison of two runs is none.
  * Values are medians over repeats. Nothing here asserts a time: a slow machine fails no test.
  * The server is a real process on loopback, its clients are processes of their own that send
    requests sealed beforehand, so that the server is what is measured.
"""
