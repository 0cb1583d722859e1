"""What a learner may ask of the engine, decided purely: bytes and parsed values in, values or a refusal out.

Nothing here waits, opens, or remembers. The table of endpoints is routes.py, the table of create's fields is create.py.
"""
