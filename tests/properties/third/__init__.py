"""A third evaluator, for tests only: a checked rulebook turned into SQL, written from the reference of the language.

It shares with the engine what a formula says (the plan's trees, paths and order) and nothing of how it is worked out.
"""
