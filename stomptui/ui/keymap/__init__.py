"""Every key of the program. Footer, help, palette and the README's table are made from them.

`keys/` has one file for each part of the screen; `place.py` has the names of the places where keys work, `registry.py`
the table of all of them. A person rebinds keys in `settings.toml`, by their names:

    [keys]
    "console.peek" = "P"
    "compose.send" = "f5,ctrl+g"
"""
