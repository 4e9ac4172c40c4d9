//! Content in an S3-compatible store: one object for each content, named by its sha256.
//!
//! Secrets stand in requests as signatures only, and in no message. Nothing here is called while a
//! transaction is open.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use futures_util::stream::BoxStream;
use futures_util::{StreamExt, TryStreamExt};
use kernel::{Error, Hidden, Time};
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::path::Path as Key;
use object_store::{BackoffConfig, ClientOptions, ObjectStore, ObjectStoreExt, PutPayload, RetryConfig};
use tokio::io::AsyncReadExt;

use crate::http::choose_ciphers;

/// Larger content goes up in parts.
const WHOLE: u64 = 16 << 20;
/// The size of a part; the least that stores take is 5 MiB.
const PART: usize = 8 << 20;

/// Where the store is and how to come in.
#[derive(Clone, Debug)]
pub struct BucketConfig {
    /// `https://s3.example.com`; empty means Amazon's own, by region.
    pub endpoint: String,
    /// The bucket; it must be there.
    pub bucket: String,
    /// Its region; many stores take any.
    pub region: String,
    /// Stands before each name, so that a bucket can be shared: `kafila/`.
    pub prefix: String,
    /// The id of the key.
    pub access_key: Hidden,
    /// The key itself.
    pub secret_key: Hidden,
    /// Whether the bucket stands in the path (`https://host/bucket/…`) rather than in the host's name.
    pub is_path_style: bool,
}

/// An open store.
#[derive(Clone, Debug)]
pub struct Bucket {
    store: Arc<AmazonS3>,
    prefix: String,
    place: String,
}

/// Content that lies in the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stored {
    pub sha256: Vec<u8>,
    pub size: u64,
    pub written_at: Time,
}

impl Bucket {
    /// Prepares the store; nothing is sent yet. Answers why it cannot be used.
    pub fn open(config: &BucketConfig) -> Result<Bucket, String> {
        choose_ciphers();
        let retry = RetryConfig {
            max_retries: 3,
            retry_timeout: Duration::from_secs(15),
            backoff: BackoffConfig { init_backoff: Duration::from_millis(100), max_backoff: Duration::from_secs(2), base: 2.0 },
        };
        let options = ClientOptions::new()
            .with_connect_timeout(Duration::from_secs(5))
            .with_timeout(Duration::from_secs(120))
            .with_allow_http(config.endpoint.starts_with("http://"));
        let mut builder = AmazonS3Builder::new()
            .with_bucket_name(&config.bucket)
            .with_region(if config.region.is_empty() { "us-east-1" } else { &config.region })
            .with_access_key_id(config.access_key.reveal())
            .with_secret_access_key(config.secret_key.reveal())
            .with_virtual_hosted_style_request(!config.is_path_style)
            .with_retry(retry)
            .with_client_options(options);
        let endpoint = config.endpoint.trim_end_matches('/');
        if !endpoint.is_empty() {
            let place = match (config.is_path_style, endpoint.split_once("://")) {
                (false, Some((scheme, host))) => format!("{scheme}://{}.{host}", config.bucket),
                _ => endpoint.to_owned(),
            };
            builder = builder.with_endpoint(place);
        }
        let store = builder.build().map_err(|error| error.to_string())?;
        let place = if endpoint.is_empty() { format!("s3://{}", config.bucket) } else { format!("{endpoint}/{}", config.bucket) };
        Ok(Bucket { store: Arc::new(store), prefix: config.prefix.trim_start_matches('/').to_owned(), place })
    }

    /// Where it is, for people.
    pub fn place(&self) -> &str {
        &self.place
    }

    /// Whether the store answers, the bucket is there and the key may list it; else why not.
    pub async fn check(&self) -> Result<(), String> {
        let prefix = Key::from(format!("{}00", self.prefix));
        match self.store.list(Some(&prefix)).next().await {
            None | Some(Ok(_)) => Ok(()),
            Some(Err(error)) => Err(short(&error)),
        }
    }

    fn key(&self, sha256: &[u8]) -> Key {
        let name = hex::encode(sha256);
        let (folder, rest) = name.split_at(2.min(name.len()));
        Key::from(format!("{}{folder}/{rest}", self.prefix))
    }

    /// Sends a file up, also when it is there already: then it counts as new, which keeps a sweep away.
    pub(crate) async fn put(&self, sha256: &[u8], path: &Path, size: u64) -> Result<(), Error> {
        let key = self.key(sha256);
        if size <= WHOLE {
            let bytes = tokio::fs::read(path).await.map_err(Error::internal)?;
            return self.store.put(&key, PutPayload::from(bytes)).await.map(drop).map_err(|error| self.trouble("written", &error));
        }
        let mut file = tokio::fs::File::open(path).await.map_err(Error::internal)?;
        let mut upload = self.store.put_multipart(&key).await.map_err(|error| self.trouble("written", &error))?;
        loop {
            let mut part = Vec::with_capacity(PART);
            (&mut file).take(PART as u64).read_to_end(&mut part).await.map_err(Error::internal)?;
            if part.is_empty() {
                break;
            }
            if let Err(error) = upload.put_part(PutPayload::from(part)).await {
                // What went up so far costs room until it is called off.
                let _ = upload.abort().await;
                return Err(self.trouble("written", &error));
            }
        }
        upload.complete().await.map(drop).map_err(|error| self.trouble("written", &error))
    }

    /// Content, piece by piece; `None` when it is not there.
    pub(crate) async fn get(&self, sha256: &[u8]) -> Result<Option<BoxStream<'static, std::io::Result<bytes::Bytes>>>, Error> {
        match self.store.get(&self.key(sha256)).await {
            Ok(found) => Ok(Some(found.into_stream().map_err(std::io::Error::other).boxed())),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(self.trouble("read", &error)),
        }
    }

    /// When content was written; `None` when it is not there.
    pub(crate) async fn written_at(&self, sha256: &[u8]) -> Result<Option<Time>, Error> {
        match self.store.head(&self.key(sha256)).await {
            Ok(found) => Ok(Some(Time(found.last_modified.timestamp_micros()))),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(self.trouble("read", &error)),
        }
    }

    pub(crate) async fn remove(&self, sha256: &[u8]) -> Result<(), Error> {
        match self.store.delete(&self.key(sha256)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(self.trouble("removed", &error)),
        }
    }

    /// Everything that lies there and is named as content is.
    pub(crate) fn list(&self) -> BoxStream<'static, Result<Stored, Error>> {
        let prefix = (!self.prefix.is_empty()).then(|| Key::from(self.prefix.trim_end_matches('/')));
        let (own, before) = (self.clone(), self.prefix.clone());
        self.store
            .list(prefix.as_ref())
            .map_err(move |error| own.trouble("listed", &error))
            .try_filter_map(move |object| {
                let name = object.location.as_ref().strip_prefix(before.as_str()).unwrap_or_default().replace('/', "");
                let stored = hex::decode(name).ok().filter(|sha256| sha256.len() == 32).map(|sha256| Stored {
                    sha256,
                    size: object.size,
                    written_at: Time(object.last_modified.timestamp_micros()),
                });
                async move { Ok(stored) }
            })
            .boxed()
    }

    fn trouble(&self, what: &str, error: &object_store::Error) -> Error {
        tracing::error!(store = %self.place, "Content could not be {what}: {}", short(error));
        Error::Unavailable { service: "file_store" }
    }
}

/// The cause in one line. The library's texts hold addresses, but neither keys nor signatures.
fn short(error: &object_store::Error) -> String {
    let text = error.to_string().replace(['\n', '\r'], " ");
    kernel::cut(&text, 500).to_owned()
}
