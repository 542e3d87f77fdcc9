//! The binary `suyuan`. Everything it does is in the library, so that tests and other tools can do it as well.

fn main() -> std::process::ExitCode {
    suyuan_node::run()
}
