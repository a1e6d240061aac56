"""The bundled sample: landmark studies with synopses in our own words (format: README.md)."""

from harvest.sample.load import TOPICS, curated_topics, read_sample, sample_digest

__all__ = ["TOPICS", "curated_topics", "read_sample", "sample_digest"]
