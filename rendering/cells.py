"""セル (cells): what a spreadsheet can't hold, or would take for something else."""

import re

DRAWN_AS_FORMULA = ("=", "+", "-", "@", "\t")
"""式とみなされる文字: a text that begins with one is taken for a formula, unless its cell says otherwise."""

NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""XMLに書けない文字."""
