"""Documents of the three named users, listed by the digest of their text: a client may ask for them by `documentId`."""
