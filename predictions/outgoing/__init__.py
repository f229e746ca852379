"""The only way from here onto the network: pages that a person asked for, from public addresses alone."""

from predictions.outgoing.answers import Fetched, Hop, Limits, Refused, Sent
from predictions.outgoing.fetching import AGENT, fetch, post

__all__ = ["AGENT", "Fetched", "Hop", "Limits", "Refused", "Sent", "fetch", "post"]
