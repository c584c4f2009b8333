"""How good the answers of trained models are, measured in several ways."""
