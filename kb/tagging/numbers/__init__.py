"""The numbers of a sentence as printed: measure, unit, interval, p and n/N; what they are about is decided elsewhere."""
