"""The command: wires the four stages, knows all, is known by none."""
