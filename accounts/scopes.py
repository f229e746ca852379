"""What a token lets a program do, within what the roles of its person allow."""

from enum import StrEnum


class Scope(StrEnum):
    READ = "read"
    FORECAST = "forecast"
    ASSESS = "assess"
