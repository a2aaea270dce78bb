"""The screens: state in, one service call, outcome shown.

Laws:
  * A screen knows services, the domain's declarations and the catalogues; never SQL, keys, network.
  * One table of screens (``routes``), one theme (``theme``), one place for ``components``.
  * What was typed lives in state and in the vault's drafts, never only in a control.
"""
