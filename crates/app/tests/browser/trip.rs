//! A test with browsers: they are looked at when it ends, well or badly.

use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use futures_util::FutureExt;
use testkit::{Browser, Engine, Person, Screen, Shop};

use crate::binary::Served;

/// A shop that is served, and the browsers that look at it.
pub struct Trip {
    pub shop: Shop,
    /// Where the shop is served.
    pub address: SocketAddr,
    /// The screen that this run of the test is about.
    pub screen: Screen,
    browsers: Mutex<Vec<Arc<Browser>>>,
}

impl Trip {
    /// A browser in which nobody has signed in.
    pub async fn visitor(&self) -> Arc<Browser> {
        self.at(self.address).await
    }

    /// A browser in which somebody has signed in.
    pub async fn browser(&self, person: Person) -> Arc<Browser> {
        let browser = self.visitor().await;
        browser.wear(&self.shop.cookie(person).await).await;
        browser
    }

    /// A browser that looks at another process.
    pub async fn at(&self, address: SocketAddr) -> Arc<Browser> {
        let browser = Arc::new(Browser::open(&format!("http://{address}"), self.screen).await);
        self.browsers.lock().unwrap().push(Arc::clone(&browser));
        browser
    }

    pub fn is_phone(&self) -> bool {
        self.screen.is_touched
    }

    /// Goes to the end of a test; what the browsers complain of fails it.
    async fn end(&self, name: &str, test: impl Future<Output = ()>) {
        if let Err(panic) = AssertUnwindSafe(test).catch_unwind().await {
            self.remember(name).await;
            resume_unwind(panic);
        }
        let complaints = self.complaints().await;
        if !complaints.is_empty() {
            self.remember(name).await;
            panic!("the pages complained:\n{}", complaints.join("\n"));
        }
    }

    /// What its browsers complain of.
    async fn complaints(&self) -> Vec<String> {
        let browsers = self.browsers.lock().unwrap().clone();
        let mut all = Vec::new();
        for browser in browsers {
            all.extend(browser.complaints().await);
        }
        all
    }

    /// Pictures of what each browser shows, for whoever looks for the reason.
    async fn remember(&self, name: &str) {
        let browsers = self.browsers.lock().unwrap().clone();
        for (n, browser) in browsers.iter().enumerate() {
            // A browser may be the very thing that is broken.
            let Ok(picture) = AssertUnwindSafe(browser.picture()).catch_unwind().await else { continue };
            let file = pictures().join(format!("{}-{n}.png", name.replace("::", "-")));
            std::fs::write(&file, picture).unwrap();
            eprintln!("What browser {n} showed last: {}", file.display());
            for complaint in AssertUnwindSafe(browser.complaints()).catch_unwind().await.unwrap_or_default() {
                eprintln!("It complained: {complaint}");
            }
        }
    }
}

/// Where pictures of failures lie.
fn pictures() -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("browser");
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// Runs a test on an engine and a screen. What [`screens!`] calls.
pub fn run(engine: Engine, screen: Screen, test: impl AsyncFnOnce(&Trip)) {
    let name = std::thread::current().name().unwrap_or("test").to_owned();
    testkit::run(engine, async move |shop: Shop| {
        let trip = Trip { address: shop.listen().await, shop, screen, browsers: Mutex::default() };
        trip.end(&name, test(&trip)).await;
    });
}

/// Declares tests that run at a desk and on a phone: `screens! { async fn a_sentence_that_must_be_true(trip: &Trip) { … } }`.
macro_rules! screens {
    ($($(#[$meta:meta])* async fn $name:ident($trip:ident: &Trip) $body:block)+) => {$(
        $(#[$meta])*
        mod $name {
            #[allow(unused_imports, clippy::allow_attributes, reason = "a test may need nothing of its file")]
            use super::*;

            async fn test($trip: &$crate::trip::Trip) $body

            #[test]
            fn desktop() {
                $crate::trip::run(testkit::Engine::Sqlite, testkit::Screen::DESKTOP, test);
            }

            #[test]
            fn phone() {
                $crate::trip::run(testkit::Engine::Sqlite, testkit::Screen::PHONE, test);
            }
        }
    )+};
}
pub(crate) use screens;

/// Runs a test with the real binary on a new data directory, and a browser that looks at it.
pub fn with_binary(screen: Screen, test: impl AsyncFnOnce(&Served, &Browser)) {
    let name = std::thread::current().name().unwrap_or("test").to_owned();
    testkit::run(Engine::Sqlite, async move |shop: Shop| {
        let data = tempfile::tempdir().unwrap();
        let served = Served::start(&data.path().join("data"));
        let address = served.address.parse().unwrap();
        let trip = Trip { address, shop, screen, browsers: Mutex::default() };
        let browser = trip.visitor().await;
        trip.end(&name, test(&served, &browser)).await;
        served.stop();
    });
}

/// The code that an app shows for a second factor now.
pub fn code(secret: &str, shop: &Shop) -> String {
    let secret = totp_rs::Secret::try_from_base32(secret).unwrap();
    let totp = totp_rs::Builder::new().with_secret(secret).build().unwrap();
    totp.generate((shop.now().0 / 1_000_000) as u64).to_string()
}
