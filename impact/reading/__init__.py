"""Reading the summary rows: what is asked, the figures, and the list behind each of them."""
