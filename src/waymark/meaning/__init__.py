"""What a sentence says, and whether one sentence says all that another says."""
