//! What only a real browser can prove: what people do on the pages, from start to end; that the pages are usable by everybody; what they
//! weigh.
//!
//! Chromium is driven by the W3C protocol; it and ChromeDriver must be installed, or the tests fail. Each test has its own shop, its own
//! server and its own browsers. A page that complains in its console, or a request that fails, fails the test; so does anything that
//! never comes. What a failed test saw last lies as PNG in `target/tmp/browser`.

#![expect(unreachable_pub, reason = "nobody outside reads a test, so `pub` says enough")]

#[cfg(test)]
#[expect(dead_code, reason = "the other tests need more of it")]
#[path = "../it/binary.rs"]
mod binary;
#[cfg(test)]
mod door;
#[cfg(test)]
mod looks;
#[cfg(test)]
mod orders;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod trip;
#[cfg(test)]
mod weights;
#[cfg(test)]
mod work;
#[cfg(test)]
mod world;
