"""What is watched: folders, Maildirs and mailboxes, each a thread that feeds one line."""
