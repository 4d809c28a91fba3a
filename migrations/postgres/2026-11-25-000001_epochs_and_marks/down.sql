DROP TABLE audit_marks;

DROP TABLE epochs;
