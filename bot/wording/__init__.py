"""The check of a text before it is sent to a group (articles A.2, A.5, B.4, B.5 and B.7).

Pure: a text and the names of a roster in, findings out. What is looked for and what is let through
is data (``data/*.toml``); ``docs/checking-texts.md`` says what it finds and what it cannot find.
Never in here: storage, Telegram, a clock, or anything that keeps or logs a text or a name.
"""
