//! What the benchmark writes by itself, beside the server and the bare loop.

use db::DbConfig;
use db::bare::Bare;

/// Calls off the messages that the windows of writing called for: some hundred thousand, they would come due within the
/// windows that follow.
pub(super) fn call_off_messages(config: &DbConfig) -> Result<(), String> {
    let mut bare = Bare::open(config).map_err(|error| error.to_string())?;
    let sql = "update jobs set state = 'cancelled', finished_at = run_at where state = 'waiting' and kind = 'notify_customer'";
    bare.run(sql, &[]).map(drop).map_err(|error| error.to_string())
}
