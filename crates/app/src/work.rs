//! The worker of this process: started beside the server, or alone.

use std::time::Duration;

use base::worker::Worker;
use tokio::task::JoinHandle;

use crate::runners::runner;
use crate::stop::Stop;
use crate::wiring::Kafila;

/// Longer than the worker gives its jobs, so that it can still give back their leases.
const AFTER_ITS_OWN: Duration = Duration::from_secs(3);

/// Does what is due until `stop`.
pub(crate) fn start(kafila: &Kafila, stop: Stop) -> JoinHandle<()> {
    let worker = Worker::new(kafila.base.clone(), runner);
    #[expect(clippy::disallowed_methods, reason = "lives as long as the process")]
    tokio::spawn(async move { worker.run(stop.wait()).await })
}

/// Waits until the worker has given back what it did not finish.
pub(crate) async fn finish(worker: JoinHandle<()>, patience: Duration) {
    match tokio::time::timeout(patience + AFTER_ITS_OWN, worker).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::error!("The worker ended badly: {error}"),
        Err(_) => tracing::warn!("Some jobs were still running; their leases end by themselves within a minute"),
    }
}
