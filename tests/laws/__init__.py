"""What must always hold, generated over everything that exists: a new page is covered, or fails until it is named."""
