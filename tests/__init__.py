"""Tests of okrsite: the folders mirror the package."""
