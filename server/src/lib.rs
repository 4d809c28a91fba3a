//! Doorstep: plans field visits to borrowers whose loans are overdue.

pub mod render;
