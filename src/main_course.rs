//! The page with the course: takes the place of the lab's build.

fn main() {
    console_error_panic_hook::set_once();
    podlab::app::mount();
}
