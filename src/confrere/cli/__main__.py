"""``python -m confrere.cli`` is the same as ``confrere``."""

import sys

from confrere.cli import main

sys.exit(main())
