"""The acts: one file each, `permit → load → judge → write → record`."""
