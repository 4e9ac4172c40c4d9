//! The binary `kafila`; everything it does is in the library.

/// Cheaper under load than the system's allocator; without huge pages (`no_thp`), which cost 12 MB at rest.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    app::run()
}
