"""The series of an examination: what each is, and which is read as which modality."""
