"""Secrets of the state folder: made once, for their owner's eyes only, refused when damaged or exposed."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from api.auth import secret_files
from api.refusals import Obstacle


def test_a_secret_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    state = tmp_path / "state"
    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(lambda _: secret_files.kept(state, secret_files.ISSUER), range(32)))
    assert len(made) == 1
    assert {len(each) for each in made} == {32}
    assert [(each.name, each.stat().st_mode & 0o777) for each in state.iterdir()] == [("issuer.key", 0o600)]
    assert secret_files.kept(state, secret_files.PEPPER) not in made


@pytest.mark.parametrize(
    ("mode", "text", "code"), [(0o640, b"x" * 32, "SECRET_EXPOSED"), (0o600, b"x", "SECRET_DAMAGED")]
)
def test_a_secret_that_is_none_any_more_is_refused(tmp_path: Path, mode: int, text: bytes, code: str) -> None:
    (tmp_path / "issuer.key").write_bytes(text)
    (tmp_path / "issuer.key").chmod(mode)
    with pytest.raises(Obstacle) as said:
        secret_files.kept(tmp_path, secret_files.ISSUER)
    assert said.value.code == code
