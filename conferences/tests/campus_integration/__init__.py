"""A third provider, to prove the plug: this folder and one line in the settings are all that it takes."""
