"""What strangers send is opened behind a wall: a child process, limited and forked anew for every job."""
