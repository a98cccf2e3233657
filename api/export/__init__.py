"""Everything scored, as files a clerk or a program can read."""
