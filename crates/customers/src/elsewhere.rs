//! What decides about customers in a list and is kept by a higher tier, such as where their orders go. The tier that keeps it
//! writes the conditions; the list puts them where its own stand.

use std::sync::Arc;

use base::Ctx;
use db::Value;

type Written = Arc<dyn Fn(&Ctx, &mut Vec<Value>) -> String + Send + Sync>;

/// Who among all customers is meant, as their own tier writes it. Each pushes what it binds; `$1` is the organization.
#[derive(Clone)]
pub struct Elsewhere {
    /// A statement of their ids, as `customer_id`, each once; an index leads to them.
    pub(crate) all: Written,
    /// The same as a condition on one customer, `c`.
    pub(crate) one: Written,
}

impl Elsewhere {
    /// Made of a statement of all that are meant and of a condition on one.
    pub fn new(
        all: impl Fn(&Ctx, &mut Vec<Value>) -> String + Send + Sync + 'static,
        one: impl Fn(&Ctx, &mut Vec<Value>) -> String + Send + Sync + 'static,
    ) -> Elsewhere {
        Elsewhere { all: Arc::new(all), one: Arc::new(one) }
    }
}

impl std::fmt::Debug for Elsewhere {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Elsewhere")
    }
}
