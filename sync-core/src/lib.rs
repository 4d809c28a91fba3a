//! Rules and records that phone and server must treat alike.
