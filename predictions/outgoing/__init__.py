"""The only way from here onto the network: pages that a person asked for, from public addresses alone."""

from predictions.outgoing.answers import Fetched, Hop, Limits, Refused
from predictions.outgoing.fetching import AGENT, fetch

__all__ = ["AGENT", "Fetched", "Hop", "Limits", "Refused", "fetch"]
