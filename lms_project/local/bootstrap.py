"""Makes `.venv` ready; nothing happens when it already is.

Runs before anything is installed: standard library only, started by path and not as a module of the package.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "ready"
REQUIREMENTS = ("requirements.txt", "requirements-dev.txt")
OLDEST = (3, 11)


def fingerprint() -> str:
    """Changes with the requirements, with the Python, and when the checkout is copied or moved."""
    parts = [(ROOT / name).read_bytes() for name in REQUIREMENTS]
    parts += [str(VENV).encode(), sys.version.encode(), sys.base_prefix.encode()]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def run(*command: str | Path, quiet: bool = False) -> bool:
    output = subprocess.DEVNULL if quiet else None
    try:
        return subprocess.call(list(map(str, command)), stdout=output, stderr=output) == 0  # noqa: S603
    except OSError:
        return False


def has_pip(python: str | Path) -> bool:
    return run(python, "-m", "pip", "--version", quiet=True)


def in_place() -> bool:
    """Whether `.venv` was made here: a copied or moved one still points at its old home."""
    if not has_pip(PYTHON):
        return False
    asked = subprocess.run([PYTHON, "-c", "import sys; print(sys.prefix)"], check=False, capture_output=True, text=True)  # noqa: S603
    scripts = VENV / "bin" / "pip"
    same_home = not scripts.exists() or str(VENV) in scripts.read_text(errors="replace").partition("\n")[0]
    return asked.stdout.strip() == str(VENV) and same_home


def make_venv() -> bool:
    """Debian ships venv without ensurepip; then pip installs a pip into the new environment."""
    if VENV.is_symlink():
        VENV.unlink()
    shutil.rmtree(VENV, ignore_errors=True)
    if run(sys.executable, "-m", "venv", VENV, quiet=True) and has_pip(PYTHON):
        return True
    packages = VENV / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}" / "site-packages"
    return (
        has_pip(sys.executable)
        and run(sys.executable, "-m", "venv", "--clear", "--without-pip", VENV)
        and run(sys.executable, "-m", "pip", "install", "-q", "--target", packages, "pip", "setuptools")
        and has_pip(PYTHON)
    )


def install_venv_module() -> bool:
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return False
    run("apt-get", "update", "-q", quiet=True)
    return run("apt-get", "install", "-y", "-q", package, quiet=True)


def prepare() -> None:
    if not in_place():
        print("Making a virtual environment in .venv …", flush=True)
        if not make_venv() and not (install_venv_module() and make_venv()):
            sys.exit(
                f"{sys.executable} can make no virtual environment. Install its venv module or its pip, and repeat."
            )
    print("Installing the packages of requirements-dev.txt, once; this takes about a minute …", flush=True)
    if not run(
        PYTHON, "-m", "pip", "install", "-qq", "--disable-pip-version-check", "-r", ROOT / "requirements-dev.txt"
    ):
        sys.exit("Some packages could not be installed; pip says above which and why.")
    # So that a bare `.venv/bin/pytest` finds the project, too. Relative: it stays right in a copy.
    site_packages = next((VENV / "lib").glob("python3*/site-packages"))
    (site_packages / "lms_checkout.pth").write_text("../../../..\n")
    STAMP.write_text(fingerprint())


def main() -> None:
    if sys.version_info < OLDEST:
        sys.exit(f"Python 3.11 or newer is needed; {sys.executable} is {sys.version.split()[0]}.")
    (ROOT / ".local").mkdir(exist_ok=True)
    with (ROOT / ".local" / "bootstrap.lock").open("w") as lock:  # `make demo` and `make test` may start together
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not STAMP.exists() or STAMP.read_text() != fingerprint() or not PYTHON.exists():
            prepare()


if __name__ == "__main__":
    main()
