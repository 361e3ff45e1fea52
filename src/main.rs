//! The page: reports panics, mounts the app.

fn main() {
    console_error_panic_hook::set_once();
    podlab::app::mount();
}
