"""From what was (mis)heard to what was meant: templates, fuzzy matching, rejection, slots. Pure."""
