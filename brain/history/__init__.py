"""What each device was and did, and how past changes turned out."""
