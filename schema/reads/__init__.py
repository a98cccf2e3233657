"""SQL from shapes: one place where conditions, knowledge time and pages become text; it knows no GraphQL."""
