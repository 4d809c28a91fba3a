//! Risk tiers, recovery of a visit and H3 territories; pure.
