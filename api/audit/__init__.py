"""The audit log: one leaf per act, in the act's own transaction.

canonical.py   values → the one byte string that is hashed (RFC 8785, decimals as strings)
leaf.py        an act → leaf, hashes and sealed payload (pure)
log.py         the log's lock, its head, and appending
keys.py        keys that can be erased
verification.py recompute everything that can be recomputed
"""

from api.audit.verification import Verdict, verify

__all__ = ["Verdict", "verify"]
