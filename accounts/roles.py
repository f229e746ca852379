"""The five roles. A role is a group of its name; what a role may do stands in `predictions.policy`."""

from enum import StrEnum


class Role(StrEnum):
    VIEWER = "viewer"
    ANALYST = "analyst"
    RESOLVER = "resolver"
    ADJUDICATOR = "adjudicator"
    ADMINISTRATOR = "administrator"
