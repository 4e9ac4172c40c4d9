//! Stopping: SIGTERM or Ctrl-C, heard once by everybody who asked.

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use crate::failure::{Exit, Failure};

/// Tells that the process shall stop. Cloning it is cheap.
#[derive(Clone, Debug)]
pub(crate) struct Stop(watch::Receiver<bool>);

/// Says it; dropping it says it, too.
#[derive(Debug)]
pub(crate) struct Stopper(watch::Sender<bool>);

impl Stop {
    /// A pair for whoever decides by himself when to stop.
    pub(crate) fn by_hand() -> (Stopper, Stop) {
        let (sender, receiver) = watch::channel(false);
        (Stopper(sender), Stop(receiver))
    }

    /// Stops at the first SIGTERM or SIGINT; at the second the process ends at once, as it would
    /// have without us.
    pub(crate) fn on_signals() -> Result<Stop, Failure> {
        let failed = |error: std::io::Error| Failure::new(Exit::Failed, format!("cannot listen for signals: {error}"));
        let mut terminate = signal(SignalKind::terminate()).map_err(failed)?;
        let mut interrupt = signal(SignalKind::interrupt()).map_err(failed)?;
        let (stopper, stop) = Stop::by_hand();
        #[expect(clippy::disallowed_methods, reason = "lives as long as the process")]
        tokio::spawn(async move {
            let name = tokio::select! { _ = terminate.recv() => "SIGTERM", _ = interrupt.recv() => "SIGINT" };
            tracing::info!(signal = name, "Stopping: no new requests, up to 10 s for those under way");
            stopper.say();
            tokio::select! { _ = terminate.recv() => {}, _ = interrupt.recv() => {} }
            tracing::warn!("Ending at once");
            #[expect(clippy::disallowed_methods, reason = "asked for twice; what was acknowledged is on the disk")]
            std::process::exit(130);
        });
        Ok(stop)
    }

    /// Whether it is time to stop.
    pub(crate) fn is_said(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits until it is time to stop.
    pub(crate) async fn wait(mut self) {
        // An error means that the stopper is gone, which says the same.
        let _ = self.0.wait_for(|stopped| *stopped).await;
    }
}

impl Stopper {
    /// It is time to stop.
    pub(crate) fn say(&self) {
        self.0.send_replace(true);
    }
}
