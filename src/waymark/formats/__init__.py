"""Files of all formats → text with offsets, without what readers cannot see."""
