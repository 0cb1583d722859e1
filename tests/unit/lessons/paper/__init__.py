"""Docker on paper: what a learner's commands lead to, as facts and state, without an engine.

It knows the commands and the programs that the lessons use, and nothing more. That it tells of them what the gateway
tells is held against a real engine in tests/engine/test_paper_engine.py.
"""
