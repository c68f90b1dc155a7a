"""Tests of okrsite.edit."""
