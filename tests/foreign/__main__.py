"""Runs the tests of this folder and prints how each went, the totals last."""

import pathlib
import sys
import unittest

found = unittest.defaultTestLoader.discover(str(pathlib.Path(__file__).parent))
outcome = unittest.TextTestRunner(stream=sys.stdout, verbosity=2).run(found)
sys.exit(not outcome.wasSuccessful())
