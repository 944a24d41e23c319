//! Drives the real system from outside.
