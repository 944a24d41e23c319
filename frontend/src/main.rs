//! Starts the page.

fn main() {
    photobooth_frontend::open_booth();
}
