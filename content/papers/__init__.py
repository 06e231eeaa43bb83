"""What clerks bring: Word documents, Markdown, sheets, pictures. Bytes in, values out; what cannot be kept is said in Chinese."""
