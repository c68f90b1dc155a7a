"""Source text changed where it must be: scalars, splices, fixes, ids."""
