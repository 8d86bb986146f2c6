"""Signing in: passwords, second factor, single sign-on, sessions. Plain pages without script: they work before anything else does."""
