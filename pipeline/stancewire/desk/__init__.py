"""The analyst's desk: the report, which is one file, and the app; both show the page in page/."""
