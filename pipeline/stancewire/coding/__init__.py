"""Reading what coders say, from runs, gold files, spreadsheets and Label Studio, in one form that can be compared."""
