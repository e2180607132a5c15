"""Prints the ids of the records that have fields to draw: python scripts/readable_records.py FILE.jsonl..."""

import json
import sys
from pathlib import Path

for name in sys.argv[1:]:
    for line in Path(name).read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        if record["fields"]:
            print(record["id"])
