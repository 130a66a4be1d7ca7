"""The page: Evensong in a browser on this machine. Needs the extra `page`; nothing of Evensong needs it.

`gate` stands before everything: the token, the address, who asks, how much is sent. Behind it `application` joins the
views; `desk` reads the journal and lets its owner change it; `watch` looks at a running evening. `server` runs all this
in a thread of its own.
"""
