//! The page as a first visit loads it: reports panics, mounts the lab.

fn main() {
    console_error_panic_hook::set_once();
    podlab::app::mount_lab();
}
