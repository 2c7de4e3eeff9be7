"""`python -m hubtui.demo`: the demo Hub alone."""

from __future__ import annotations

import sys

from hubtui.demo.serve import main

sys.exit(main())
