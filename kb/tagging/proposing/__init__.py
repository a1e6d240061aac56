"""Trained models that propose tags; a proposal is shown as such and is never evidence by itself."""
