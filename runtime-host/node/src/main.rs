//! The binary `suyuan`. Everything it does is in the library, so that tests and other tools can do it as well.

/// Transactions are many small allocations that one thread makes and another frees.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    suyuan_node::run()
}
