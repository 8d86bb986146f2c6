"""The evidence package: one finding as a folder that a stranger can read and check without this deployment (design §11.19–21)."""
