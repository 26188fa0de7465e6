"""The audio branch: two networks a window, what prepares their data, what measures them."""
