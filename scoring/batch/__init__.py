"""The columnar evaluator: `evaluate` and `load_facts` as in `scoring.evaluate`, over NumPy columns. See README.md."""
