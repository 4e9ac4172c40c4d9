//! Ids: 64 bits, typed, shown with a prefix.
//!
//! 41 bits of milliseconds since 2025, 10 of node, 12 of counter. They never go backwards within a
//! process, even when the clock does. People see `ord_` and thirteen signs of Crockford's base 32;
//! the database sees a whole number. Mixing two kinds up does not compile.

use std::sync::atomic::{AtomicI64, AtomicU16, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// 2025-01-01T00:00:00Z in milliseconds since 1970.
pub const EPOCH_MS: i64 = 1_735_689_600_000;

const NODE_BITS: u32 = 10;
const COUNTER_BITS: u32 = 12;
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// A typed 64-bit id.
pub trait Id: Copy + Eq + std::hash::Hash + std::fmt::Debug + Send + Sync + 'static {
    /// The prefix people see, without the underscore.
    const PREFIX: &'static str;
    /// From the number in the database.
    fn from_i64(raw: i64) -> Self;
    /// The number in the database.
    fn to_i64(self) -> i64;
}

/// Makes ids that never repeat and never go backwards within a process.
#[derive(Debug)]
pub struct IdSource {
    node: AtomicU16,
    last: AtomicI64,
}

impl IdSource {
    /// A source for one node; two processes on one database need two nodes.
    pub fn new(node: u16) -> IdSource {
        IdSource { node: AtomicU16::new(node & 0x3ff), last: AtomicI64::new(0) }
    }

    /// Changes the node, once its lease is known. Only the lowest 10 bits count.
    pub fn set_node(&self, node: u16) {
        self.node.store(node & 0x3ff, Ordering::Relaxed);
    }

    /// The next id.
    #[expect(clippy::disallowed_methods, reason = "ids carry the real moment, also where a clock is stopped")]
    pub fn next(&self) -> i64 {
        let now_ms = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as i64);
        let floor = (now_ms - EPOCH_MS).max(1) << COUNTER_BITS;
        // Milliseconds and counter advance as one number: 4,096 ids in one millisecond borrow from the next.
        let mut last = self.last.load(Ordering::Relaxed);
        let tick = loop {
            let next = floor.max(last + 1);
            match self.last.compare_exchange_weak(last, next, Ordering::Relaxed, Ordering::Relaxed) {
                Ok(_) => break next,
                Err(seen) => last = seen,
            }
        };
        let (ms, counter) = (tick >> COUNTER_BITS, tick & ((1 << COUNTER_BITS) - 1));
        let node = i64::from(self.node.load(Ordering::Relaxed));
        (ms << (NODE_BITS + COUNTER_BITS)) | (node << COUNTER_BITS) | counter
    }
}

/// Writes an id as people see it.
pub fn show(prefix: &str, raw: i64) -> String {
    let mut text = String::with_capacity(prefix.len() + 14);
    text.push_str(prefix);
    text.push('_');
    let bits = raw as u64;
    for place in (0..13).rev() {
        text.push(char::from(ALPHABET[((bits >> (place * 5)) & 31) as usize]));
    }
    text
}

/// Reads what [`show`] wrote, in any case, with Crockford's look-alikes (o for 0, i and l for 1).
pub fn read(prefix: &str, text: &str) -> Option<i64> {
    let signs = text.strip_prefix(prefix)?.strip_prefix('_')?;
    if signs.len() != 13 {
        return None;
    }
    let mut bits: u128 = 0;
    for sign in signs.bytes() {
        let sign = match sign.to_ascii_lowercase() {
            b'o' => b'0',
            b'i' | b'l' => b'1',
            other => other,
        };
        let digit = ALPHABET.iter().position(|one| *one == sign)?;
        bits = (bits << 5) | digit as u128;
    }
    i64::try_from(bits).ok()
}

/// An id did not have the form `prefix_` and thirteen signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IdError {
    /// The prefix that was expected.
    pub prefix: &'static str,
}

impl std::fmt::Display for IdError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "expected an id like {}_0000000000000", self.prefix)
    }
}

impl std::error::Error for IdError {}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident $prefix:literal),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(i64);

        impl Id for $name {
            const PREFIX: &'static str = $prefix;
            fn from_i64(raw: i64) -> $name {
                $name(raw)
            }
            fn to_i64(self) -> i64 {
                self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&show($prefix, self.0))
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&show($prefix, self.0))
            }
        }

        impl std::str::FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<$name, IdError> {
                read($prefix, text).map($name).ok_or(IdError { prefix: $prefix })
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<$name, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }

        impl crate::value::ToValue for $name {
            fn to_value(&self) -> crate::value::Value {
                crate::value::Value::Int(self.0)
            }
        }

        impl crate::value::Column for $name {
            fn from_value(value: crate::value::Value) -> Result<$name, crate::value::ColumnError> {
                <i64 as crate::value::Column>::from_value(value).map($name)
            }
        }
    )+};
}

ids! {
    /// A tenant; owns everything.
    OrgId "org",
    /// A sales channel of an organization.
    StoreId "sto",
    /// Somebody who signs in.
    UserId "usr",
    /// A named set of permissions.
    RoleId "rol",
    /// A signed-in browser or token.
    SessionId "ses",
    /// A key for programs.
    ApiKeyId "key",
    /// A link that lets somebody set up, join, verify or reset.
    InviteId "inv",
    /// Somebody who buys.
    CustomerId "cus",
    /// Where a customer receives parcels.
    AddressId "adr",
    /// A product.
    ProductId "prd",
    /// A variant of a product, known by its SKU.
    VariantId "var",
    /// An order.
    OrderId "ord",
    /// A line of an order.
    LineId "lin",
    /// A note on an order.
    NoteId "not",
    /// A dated tracking entry on an order.
    TrackingEntryId "trk",
    /// A credit note: what an order gave back.
    CreditNoteId "crn",
    /// Something that happened.
    EventId "evt",
    /// Work to do.
    JobId "job",
    /// Long work that a person waits for.
    TaskId "tsk",
    /// A recurring job.
    ScheduleId "sch",
    /// A message to a customer or a user.
    MessageId "msg",
    /// A file kept for an organization.
    FileId "fil",
    /// Money that moved.
    TransactionId "txn",
    /// A telephone number of a customer.
    PhoneId "tel",
    /// A mark on a customer.
    FlagId "flg",
    /// What a customer agreed to, or took back.
    ConsentId "cns",
    /// Two customers that became one.
    MergeId "mrg",
    /// The erasing of a person.
    ErasureId "ers",
    /// A number of a legal document.
    NumberId "num",
    /// A short word that a team marks orders and customers with.
    TagId "tag",
    /// A field of a team's own.
    FieldId "fld",
    /// A photo or file on an order or a customer.
    AttachmentId "att",
    /// A file brought in.
    ImportId "imp",
    /// A reason that holds an order back.
    HoldId "hld",
    /// Something that was passed up the team.
    EscalationId "esc",
    /// A reason of the organization's own, or one that it changed.
    ReasonId "rsn",
    /// A time that an order was called off.
    CancellationId "cnl",
    /// How the columns of somebody's files are read.
    MappingId "map",
    /// A proposal to change an order that was placed.
    EditId "edt",
    /// An order that is being put together.
    DraftId "drf",
    /// One action on many orders.
    BulkId "blk",
    /// A list as somebody likes to see it.
    ViewId "viw",
    /// A code by which a customer opens her own history.
    CodeId "otc",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_as_shown() {
        for raw in [0, 1, 4096, i64::MAX] {
            let id = OrderId::from_i64(raw);
            assert_eq!(id.to_string().parse::<OrderId>().unwrap(), id);
        }
        assert!("cus_0000000000001".parse::<OrderId>().is_err());
        assert!("ord_zzzzzzzzzzzzz".parse::<OrderId>().is_err(), "over 63 bits");
        assert_eq!("ord_OOOOOOOOOOOI1".parse::<OrderId>().unwrap().to_i64(), 33);
    }

    #[test]
    fn ids_never_go_backwards_or_repeat() {
        let source = IdSource::new(3);
        let ids: Vec<i64> = (0..20_000).map(|_| source.next()).collect();
        assert!(ids.windows(2).all(|two| two[0] < two[1]));
        assert!(ids.iter().all(|id| (id >> COUNTER_BITS) & 0x3ff == 3));
    }
}
