"""The curators' desk: pages of the admin for what a curator does each week. One module a page."""
