//! Who asks: from a cookie's session token or a bearer token to an [`Edge`].

use base::{Base, Edge};
use kernel::Error;

/// The caller with this session cookie.
pub(crate) async fn session(base: &Base, token: &str) -> Result<Edge, Error> {
    access::authenticate_session(base, token).await
}

/// The caller with this token of the API or this key.
pub(crate) async fn bearer(base: &Base, token: &str) -> Result<Edge, Error> {
    access::authenticate_bearer(base, token).await
}
