DROP TABLE batches;
DROP TABLE ops;
DROP TABLE cases;
DROP TABLE own_ops;
DROP TABLE named;
