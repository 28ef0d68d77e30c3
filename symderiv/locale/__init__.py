"""What is told, in each language: gettext catalogues by folder, ``<language>/LC_MESSAGES``."""
