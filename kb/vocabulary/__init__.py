"""The vocabulary: concepts, topics, ambiguous short forms and spelling rules, as TOML with a checking loader."""
