-- How good a position is that was looked up from the address: house, street or place. Empty where the lender gave
-- coordinates.
ALTER TABLE cases ADD COLUMN geocode_grade TEXT;
