"""Conditions and small arithmetic: CEL text in, a small typed tree of our own out.

`cel` is the only module that knows the CEL package; it is needed when a rulebook is checked, never when one is run.
`tree` holds our tree, `lowering` types it and checks that nothing absent is read unguarded, `closures` makes it run.
"""
