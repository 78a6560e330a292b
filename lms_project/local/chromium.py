"""The Chromium that browser tests drive: the system's. As root, one is installed where there is none."""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
# libatomic1: what drives the browser, Playwright's own Node, does not start without it.
PACKAGES = ("chromium", "fonts-liberation", "libatomic1")
MISSING = "No Chromium was found. Install one (apt-get install chromium), or set CHROMIUM to its program."
NOT_DRIVABLE = "Playwright does not start here. It may lack a library (apt-get install libatomic1)."
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"),
)


def find() -> str | None:
    given = os.environ.get("CHROMIUM")
    return shutil.which(given) if given else next(filter(None, map(shutil.which, (*NAMES, MAC))), None)


def is_drivable() -> bool:
    """Whether the program that Playwright brings along starts on this machine."""
    command = [sys.executable, "-m", "playwright", "--version"]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0  # noqa: S603


def lacking() -> str:
    """What stands in the way of browser tests; "" if nothing does."""
    return MISSING if find() is None else "" if is_drivable() else NOT_DRIVABLE


def install() -> None:
    """Tries, through apt; whether it worked shows in `lacking`."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return
    print("Installing Chromium for the browser tests …", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-q"], ["install", "-y", "-q", "--no-install-recommends", *PACKAGES]):
        subprocess.run(  # noqa: S603
            ["apt-get", *command],  # noqa: S607
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            env=environment,
        )


def main() -> None:
    """Without one, a run in CI fails; elsewhere the browser tests are skipped, and both say so."""
    if lacking():
        install()
    if problem := lacking():
        if os.environ.get("CI"):
            sys.exit(problem)
        print(f"{problem} The browser tests will be skipped.", file=sys.stderr)


if __name__ == "__main__":
    main()
