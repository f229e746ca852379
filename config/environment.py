"""How variables of the environment are spelled: yes and no, and lists."""

from collections.abc import Mapping

YES = {"1", "true", "yes", "on"}


def switched_on(environment: Mapping[str, str], name: str, *, default: bool) -> bool:
    return environment.get(name, "1" if default else "0").strip().lower() in YES


def words_of(environment: Mapping[str, str], name: str, default: str = "") -> list[str]:
    """What stands between commas."""
    return [word.strip() for word in environment.get(name, default).split(",") if word.strip()]
