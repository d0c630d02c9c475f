"""A client of AUTOMATIC1111's API that nobody here wrote, against our server."""
