"""The Chromium that browser tests drive: the system's. As root, one is installed where there is none."""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
PACKAGES = ("chromium", "fonts-liberation")
MISSING = "No Chromium was found. Install one (apt-get install chromium), or set CHROMIUM to its program."
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"),
)


def find() -> str | None:
    given = os.environ.get("CHROMIUM")
    return shutil.which(given) if given else next(filter(None, map(shutil.which, (*NAMES, MAC))), None)


def install() -> None:
    """Tries, through apt; whether it worked shows in `find`."""
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
    if find() is None:
        install()
    if find() is None:
        if os.environ.get("CI"):
            sys.exit(MISSING)
        print(f"{MISSING} The browser tests will be skipped.", file=sys.stderr)


if __name__ == "__main__":
    main()
