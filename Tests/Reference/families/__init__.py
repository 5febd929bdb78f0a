"""The families of keras_families.py, a module each."""
