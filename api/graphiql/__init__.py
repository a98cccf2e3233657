"""GraphiQL for development, from local files: no page of this server loads anything from elsewhere."""
