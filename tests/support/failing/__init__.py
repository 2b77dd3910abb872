"""What failed in a test run, and once more each failed test alone.

A test run with `-p tests.support.failing.report --failures-to FILE` writes down what failed in it, and
`python -m tests.support.failing FILE` then runs each of those tests once more. `.ci/run` uses both.
"""
