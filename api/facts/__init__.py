"""Facts in plain files: one CSV or JSON file per fact table, each cell with its place; results written as CSV."""
