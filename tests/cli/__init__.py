"""Tests of okrsite.cli."""
