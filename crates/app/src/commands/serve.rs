//! `kafila serve`: pages, API and the work behind them, in one process.

use std::net::SocketAddr;

use axum::Router;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::{PATIENCE, configured, open};
use crate::config::Places;
use crate::failure::{Exit, Failure};
use crate::figures;
use crate::logging::Audience;
use crate::stop::Stop;
use crate::wiring::{self, Kafila};
use crate::work;

#[derive(clap::Args)]
pub(super) struct Args {
    /// Where to listen [default: 127.0.0.1:8080].
    #[arg(long, value_name = "HOST:PORT")]
    listen: Option<String>,
}

pub(super) async fn run(places: &Places, args: Args) -> Result<(), Failure> {
    let mut flags: Vec<(&str, String)> = args.listen.map(|listen| ("listen", listen)).into_iter().collect();
    // Before anything that takes time: callers wait in the queue of the socket, and a taken port is
    // heard of before the data directory is touched.
    let listener = listen(&configured(places, &flags)?.listen).await?;
    if let Ok(address) = listener.local_addr() {
        // Port 0 was for the system to choose; links need the real one.
        flags = vec![("listen", address.to_string())];
    }
    let stop = Stop::on_signals()?;
    let figures = figures::start()?;
    let opened = open(places, Audience::Server, &flags).await?;
    announce_address(&opened.kafila, &listener);
    announce_set_up(&opened.kafila).await?;
    serve_until_stopped(&opened.kafila, listener, figures, stop).await?;
    opened.close();
    Ok(())
}

/// Takes the address.
pub(crate) async fn listen(address: &str) -> Result<TcpListener, Failure> {
    TcpListener::bind(address).await.map_err(|error| {
        let failure = Failure::new(Exit::Port, format!("cannot listen on {address}: {error}"));
        match error.kind() {
            std::io::ErrorKind::AddrInUse => {
                failure.remedy("Another program listens there (a second kafila?). Stop it, or choose another port with --listen HOST:PORT.")
            }
            std::io::ErrorKind::PermissionDenied => {
                failure.remedy("Ports below 1024 need rights; choose another one with --listen HOST:PORT and put a proxy in front.")
            }
            std::io::ErrorKind::AddrNotAvailable => {
                failure.remedy("This machine does not have that address; --listen 0.0.0.0:PORT listens on all it has.")
            }
            _ => failure.remedy("Choose another address with --listen HOST:PORT."),
        }
    })
}

/// Tells where people find it.
pub(crate) fn announce_address(kafila: &Kafila, listener: &TcpListener) {
    let address = listener.local_addr().map_or_else(|_| kafila.config.listen.clone(), |address| address.to_string());
    eprintln!("Kafila listens on http://{address}");
    if kafila.public_url() != format!("http://{address}") {
        eprintln!("People reach it at {}", kafila.public_url());
    }
}

/// Tells how the first of them gets in, as long as nobody can.
async fn announce_set_up(kafila: &Kafila) -> Result<(), Failure> {
    if let Some(link) = access::first_start(&kafila.base).await?.set_up_link {
        eprintln!("Nobody can sign in yet. Open this link once to make the first account:\n  {link}");
    }
    Ok(())
}

/// Answers requests and does the work until `stop`; then gives both their time.
pub(crate) async fn serve_until_stopped(
    kafila: &Kafila,
    listener: TcpListener,
    figures: metrics_exporter_prometheus::PrometheusHandle,
    stop: Stop,
) -> Result<(), Failure> {
    let base = kafila.base.clone();
    let state = web::WebState::new(base.clone(), wiring::web_config(&kafila.config), Some(figures::for_web(figures.clone(), base.clone())));
    let worker = work::start(kafila, stop.clone());
    let upkeep = upkeep(figures);

    let result = answer(web::app(state), listener, stop.clone(), base).await;
    work::finish(worker, PATIENCE).await;
    upkeep.abort();
    result
}

async fn answer(app: Router, listener: TcpListener, stop: Stop, base: base::Base) -> Result<(), Failure> {
    let app = app.into_make_service_with_connect_info::<SocketAddr>();
    let serving = axum::serve(listener, app).with_graceful_shutdown(stop.clone().wait());
    let cut_off = async {
        stop.wait().await;
        // Streams would never end by themselves; their pages come back to the next process.
        base.live().close();
        tokio::time::sleep(PATIENCE).await;
    };
    tokio::select! {
        result = serving.into_future() => result.map_err(|error| Failure::new(Exit::Failed, format!("the server failed: {error}"))),
        () = cut_off => {
            tracing::warn!("Some requests were still under way after 10 s and were cut off");
            Ok(())
        }
    }
}

fn upkeep(figures: metrics_exporter_prometheus::PrometheusHandle) -> JoinHandle<()> {
    #[expect(clippy::disallowed_methods, reason = "lives as long as the server")]
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(figures::UPKEEP).await;
            figures.run_upkeep();
        }
    })
}
