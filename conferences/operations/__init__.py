"""What admins and operators want to know of the running system; no provider is named here."""
