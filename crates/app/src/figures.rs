//! The figures of `/metrics`: those that others count as they work, and those read when asked.

use std::sync::Arc;
use std::time::Duration;

use db::Db;
use metrics::{counter, describe_counter, describe_gauge, describe_histogram, gauge};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

use crate::failure::{Exit, Failure};

/// Bounds of the latency histograms, in seconds: from a read in memory to a time-out.
const SECONDS: &[f64] = &[0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0];
/// How often histograms fold what came in.
pub(crate) const UPKEEP: Duration = Duration::from_secs(5);

/// Begins to count, before anybody else does.
pub(crate) fn start() -> Result<PrometheusHandle, Failure> {
    let failed = |error: metrics_exporter_prometheus::BuildError| Failure::new(Exit::Failed, format!("figures cannot be counted: {error}"));
    let handle = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), SECONDS)
        .and_then(PrometheusBuilder::install_recorder)
        .map_err(failed)?;
    describe_counter!("kafila_http_requests_total", "Requests answered, by operation and class of status");
    describe_histogram!("kafila_http_request_seconds", "Time from the first byte to the answer, by operation");
    describe_gauge!("kafila_db_queue", "Closures that wait for the database now");
    describe_counter!("kafila_db_writes_total", "Closures of writes that ran");
    describe_counter!("kafila_db_reads_total", "Closures of reads that ran");
    describe_counter!("kafila_db_commits_total", "Commits; writes / commits is the mean batch");
    describe_gauge!("kafila_db_last_batch", "Closures of the last commit");
    describe_counter!("kafila_db_busy_refusals_total", "Calls refused because the queue was full");
    describe_counter!("kafila_db_retries_total", "Closures run again after a conflict or a lost connection");
    describe_gauge!("kafila_live_streams", "Live streams that are open");
    describe_gauge!("kafila_up", "1 while the process runs");
    Ok(handle)
}

/// Reads what is known without asking the database, and renders everything.
pub(crate) fn text(handle: &PrometheusHandle, db: &Db, streams: usize) -> String {
    let stats = db.stats();
    gauge!("kafila_up").set(1.0);
    gauge!("kafila_db_queue").set(stats.queued as f64);
    gauge!("kafila_db_last_batch").set(stats.last_batch as f64);
    gauge!("kafila_live_streams").set(streams as f64);
    counter!("kafila_db_writes_total").absolute(stats.writes);
    counter!("kafila_db_reads_total").absolute(stats.reads);
    counter!("kafila_db_commits_total").absolute(stats.commits);
    counter!("kafila_db_busy_refusals_total").absolute(stats.busy_refusals);
    counter!("kafila_db_retries_total").absolute(stats.retries);
    handle.render()
}

/// [`text`] for the web.
pub(crate) fn for_web(handle: PrometheusHandle, base: base::Base) -> web::MetricsText {
    Arc::new(move || text(&handle, base.db(), base.live().streams()))
}
