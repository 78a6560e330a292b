"""All that a provider may see of this project. Nothing here imports a model or the engine."""
