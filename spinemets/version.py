"""The version of the distribution and, with it, of the extractor."""

VERSION = "0.1.0"
