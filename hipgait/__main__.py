"""``python -m hipgait``: the same as the ``hipgait`` command."""

import sys

from dashboards.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
