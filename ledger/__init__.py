"""Memory (台账): what was written, who approved it, what became of each copy. The one truth of the house."""
