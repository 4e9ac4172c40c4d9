//! Photos and files on orders and customers: what came in, who may see it, how it goes.
//!
//! What a file is is told by its content, never by its name or by what the sender says. Pictures are written anew,
//! without the place and the moment that cameras put into them, and get three small ones. The content lies
//! in `base::files`; it is stored before the row is written, outside of the transaction. What is removed can
//! be put back for a few seconds; then a job removes the rows, and the sweep the content that nothing names.
//!
//! Who may is decided by the owners: `orders` and `customers` ask for the right and look whether the caller sees the
//! order or customer before they call the actions here.
//!
//! Not here: HTTP and its headers (web), the store of content (base).

mod intake;
mod kinds;
mod pictures;
mod service;
mod store;

pub use intake::{Logo, Prepared, prepare, prepare_logo};
pub use kinds::FileKind;
pub use pictures::THUMBS;
pub use service::{
    Attachment, AttachmentChange, AttachmentFilter, NewAttachment, Owner, Removed, Shown, add, change, erase_of, find, give, list, purge, remove,
    restore, shown,
};
