"""What a reading's evidence is worth: gathered from generated scans, fitted, and judged on documents left out."""
