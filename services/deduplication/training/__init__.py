"""Fitting the judgements of pairs to labelled pairs. Needs the extra `train`."""
