"""What people do: the only writes of the console besides signing in. Each act is one transaction with its own record."""
