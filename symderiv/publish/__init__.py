"""Literate sources: Markdown with statements, to articles, to files.

`symderiv.publish.source.article_of` reads one source; `symderiv.publish.project.build` builds files
and folders.
"""
