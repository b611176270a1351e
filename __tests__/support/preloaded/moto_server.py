"""Loads what moto needs for the calls of an instance."""

import moto.server
