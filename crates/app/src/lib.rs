//! The program: commands, configuration, the data directory, how the parts are wired together.
//!
//! [`run`] is the binary. [`wiring`] opens what a command needs and puts it away again, [`runners`]
//! says which function does which kind of job.
//!
//! Not here: anything that an order, a customer or a user could notice.

pub mod backup;
mod bench;
mod commands;
pub mod config;
pub mod data_dir;
pub mod failure;
mod figures;
mod logging;
mod migrations;
pub mod runners;
mod simulate;
mod stop;
pub mod wiring;
mod work;

pub use commands::run;
pub use migrations::migrations;
