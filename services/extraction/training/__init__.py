"""How the tagger is trained. Nothing here is imported when articles are processed; torch comes with `rasid[train]`."""
