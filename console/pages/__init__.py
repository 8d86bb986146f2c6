"""One module per page: PATH, TITLE, ids, layout, register; nothing else."""
