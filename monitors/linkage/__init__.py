"""Who is the same: records of any table compared by the model of Fellegi and Sunter (Splink), each pair with its reasons.

Pure: tables in, pairs out. DuckDB works in memory. Import it when it is needed: Splink takes half a second.
"""
