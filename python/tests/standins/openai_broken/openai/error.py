"""Never got to."""
