"""The nouns as they are shown; each field is declared once, with the column or relation it shows."""
