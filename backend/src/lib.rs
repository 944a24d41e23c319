//! The booth itself runs as one process in one of several roles; this library holds them.
