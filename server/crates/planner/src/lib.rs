//! Profitable routing: which stops to serve, by whom, in what order; pure.
