//! Makes a themed portrait from the command line.

fn main() {}
