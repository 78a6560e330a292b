from lms_project.local.inherited import inherited, without

SHELL = {
    "PATH": "/bin",
    "DATABASE_URL": "postgres://production",
    "SYNC_STALE_AFTER": "5",
    "https_proxy": "http://proxy",
    "REQUESTS_CA_BUNDLE": "/etc/ca.pem",
    "PIP_INDEX_URL": "https://mirror",
}


def test_inherited_names_settings_and_network() -> None:
    assert inherited(SHELL) == ["DATABASE_URL", "SYNC_STALE_AFTER", "https_proxy", "REQUESTS_CA_BUNDLE"]


def test_without_keeps_the_rest() -> None:
    assert without(SHELL) == {"PATH": "/bin", "PIP_INDEX_URL": "https://mirror"}
