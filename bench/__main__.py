"""`python -m bench`: prints what was measured; asserts nothing, since machines differ."""

import argparse

from bench.ground import stand


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench", description="Measure speed and memory.")
    parser.add_argument("--rows", type=int, default=2_000, help="people to store (default 2,000)")
    parser.add_argument("--runs", type=int, default=3, help="how often; the median is shown (default 3)")
    parser.add_argument("--participants", type=int, default=2_000, help="of the smaller sync (default 2,000)")
    parser.add_argument("--webinars", type=int, default=40, help="of the account to drain (default 40)")
    parser.add_argument("--classes", type=int, default=4, help="a day, in the year that operators ask of (default 4)")
    chosen = parser.parse_args()
    with stand():
        from bench import draining, storing, syncing, year

        print(storing.report(chosen.rows, chosen.runs), end="\n\n", flush=True)
        print(syncing.report(chosen.participants), end="\n\n", flush=True)
        print(draining.report(chosen.webinars), end="\n\n", flush=True)
        print(year.report(chosen.classes), flush=True)


if __name__ == "__main__":
    main()
