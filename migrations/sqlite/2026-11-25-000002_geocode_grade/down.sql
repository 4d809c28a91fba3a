ALTER TABLE cases DROP COLUMN geocode_grade;
