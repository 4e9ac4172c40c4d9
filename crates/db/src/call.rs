//! A closure on its way to a thread that owns a connection, and the answer on its way back.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc;

use kernel::Error;
use tokio::sync::oneshot;

use crate::error::DbError;
use crate::tx::SystemTx;

/// A closure with its caller, of any result type.
pub(crate) trait Work: Send {
    /// Runs the closure and keeps its answer; tells whether it may be committed.
    fn run(&mut self, tx: &mut SystemTx) -> bool;
    /// Answers the caller: with what was kept, or with why all of it is void.
    fn answer(self: Box<Self>, void: Option<DbError>);
}

pub(crate) struct Call<T, F> {
    action: F,
    reply: Reply<T>,
    kept: Option<Result<T, Error>>,
}

/// A `Result<T, Error>` on its way to a blocking caller, who knows its type.
pub(crate) type Kept = Box<dyn Any + Send>;

/// The door through which a caller waits.
pub(crate) enum Reply<T> {
    Async(oneshot::Sender<Result<T, Error>>),
    /// Without its type, so that one channel serves all; see [`Kept`].
    Blocking(mpsc::SyncSender<Kept>),
}

impl<T, F> Call<T, F> {
    pub(crate) fn new(action: F, reply: Reply<T>) -> Call<T, F> {
        Call { action, reply, kept: None }
    }
}

impl<T, F> Work for Call<T, F>
where
    T: Send + 'static,
    F: Fn(&mut SystemTx) -> Result<T, Error> + Send,
{
    fn run(&mut self, tx: &mut SystemTx) -> bool {
        let result = catch_unwind(AssertUnwindSafe(|| (self.action)(tx))).unwrap_or_else(|panic| {
            let text = panic_text(&*panic);
            tracing::error!("An action panicked: {text}");
            tx.kill(DbError::failed(format!("the action panicked: {text}")));
            Err(Error::internal(format!("the action panicked: {text}")))
        });
        let result = tx.judge(result);
        let may_commit = result.is_ok() && !tx.is_discarded();
        self.kept = Some(result);
        may_commit
    }

    fn answer(self: Box<Self>, void: Option<DbError>) {
        let result = match void {
            Some(error) => Err(error.into()),
            None => self.kept.unwrap_or_else(|| Err(Error::internal("answered before it ran"))),
        };
        // Nobody listens any more when the caller went away; the work stays done.
        match self.reply {
            Reply::Async(sender) => drop(sender.send(result)),
            Reply::Blocking(sender) => drop(sender.send(Box::new(result))),
        }
    }
}

pub(crate) fn panic_text(panic: &(dyn Any + Send)) -> &str {
    match panic.downcast_ref::<String>() {
        Some(text) => text,
        None => panic.downcast_ref::<&str>().copied().unwrap_or("no text"),
    }
}
