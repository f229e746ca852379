"""Names are told one by one."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.hosts import explicit


def test_each_host_and_origin_is_told_by_its_name():
    assert explicit("ALLOWED_HOSTS", ["a.example.org"], is_trial=False) == ["a.example.org"]
    assert explicit("CSRF_TRUSTED_ORIGINS", ["https://a.example.org"], is_trial=False) == ["https://a.example.org"]


@pytest.mark.parametrize("told", ["*", "*.example.org"])
def test_a_star_is_believed_only_while_trying_out(told):
    assert explicit("ALLOWED_HOSTS", [told], is_trial=True) == [told]
    with pytest.raises(ImproperlyConfigured, match="names each host by itself"):
        explicit("ALLOWED_HOSTS", ["a.example.org", told], is_trial=False)


def test_an_origin_has_its_scheme():
    with pytest.raises(ImproperlyConfigured, match="CSRF_TRUSTED_ORIGINS is a list such as https://"):
        explicit("CSRF_TRUSTED_ORIGINS", ["a.example.org"], is_trial=True)
