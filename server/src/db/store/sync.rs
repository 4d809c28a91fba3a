//! The op log, what goes down beside it, and its projections.
