"""The pages of a PDF: their sheet, pixels, text and form values."""
