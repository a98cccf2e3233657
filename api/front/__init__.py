"""The shell around GraphQL: what reaches it, what it may ask, what it costs, and how it is answered."""
