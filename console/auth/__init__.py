"""Signing in: passwords, second factor, single sign-on, sessions. Plain pages that need no script: they work before anything else does."""
