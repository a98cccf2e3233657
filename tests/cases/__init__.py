"""Rule cases a non-programmer can read: tables of facts, a change of the rulebook's text, and what must come out."""
