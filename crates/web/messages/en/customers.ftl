# Customers: the list, one of them, the forms about them, two records made one, what the law asks.

customers-title = Customers
customers-window = Customers · Kafila
customers-one-window = { $name } · Customers · Kafila
customers-form-window = { $heading } · Customers · Kafila
customers-count = { $count ->
    [one] { $n } customer
    *[other] { $n } customers
}
customers-orders-n = { $count ->
    [one] { $n } order
    *[other] { $n } orders
}
customers-table = Table of customers
customers-filter-label = Filter customers
customers-search = Name, phone or e-mail
customers-chip-search = Search
customers-show = Show
customers-clear = Clear filters
customers-see-all = See all customers
customers-sizes = Customers on a page
customers-sort = Sort
customers-sort-newest = Newest first
customers-sort-name = By name
customers-sort-last = Latest order first
customers-sort-quiet = Longest without an order
customers-sort-orders = Most orders
customers-sort-spent = Spent the most
customers-sort-delivered = Best delivered
customers-sort-returned = Most returned
customers-store = Store
customers-least-orders = { $count ->
    [one] { $n } order or more
    *[other] { $n } orders or more
}
customers-least-spent = Spent at least
customers-most-share = { $percent } or less
customers-quiet = Without an order
customers-quiet-days = { $count ->
    [one] for { $n } day or more
    *[other] for { $n } days or more
}
customers-col-name = Customer
customers-col-place = Place
customers-col-last = Last order
customers-new = New customer
customers-new-save = Add customer
customers-export = Export
customers-file-begun = The file is being made
customers-file-making = The file of this list is being made: { $done } so far.
customers-file-ready = { $count ->
    [one] The file is ready: { $n } customer.
    *[other] The file is ready: { $n } customers.
}
customers-file-failed = The file could not be made. Nothing is lost; export once more.
customers-file-get = Download
customers-look-again = Look again
customers-none-title = { $count ->
    [one] No customer matches this filter
    *[other] No customer matches { $n } filters
}
customers-none-text = Change a filter, or clear them all.
customers-none-search = A name is found by its beginning, a number in any spelling, an e-mail address whole.
customers-empty-title = Your customers will appear here
customers-empty-text = Each order brings its customer along. You can also add one by hand.
customers-nameless = No name

customers-orders = Orders
customers-delivered = Delivered
customers-returned = Returned
customers-cancelled = Cancelled
customers-spent = Spent
customers-figures = Figures
customers-success = Delivery success
customers-since = Customer since { $day }
customers-known-since = Known since
customers-archived = Archived
customers-archived-too = With archived ones
customers-archive = Archive
customers-unarchive = Take out of the archive
customers-more = More
customers-edit = Edit customer
customers-edit-short = Edit
customers-new-order = New order
customers-last-orders = Last orders
customers-all-orders = All orders
customers-aside = Contact and agreements

customers-name = Name
customers-email = E-mail
customers-language = Language
customers-language-hint = What messages to them are written in.
customers-language-unknown = Not known
customers-language-chosen = chosen
customers-language-found = found in what they wrote
customers-language-dz = الدارجة الجزائرية
customers-language-other = Another language
customers-tags = Tags
customers-tags-hint = Parted by commas.
customers-notes = Notes
customers-own = Tags and fields
customers-reference = Id in the shop
customers-contact = Contact
customers-contact-none = Neither number nor e-mail address is known.
customers-main = Main
customers-make-main = Make it the main one

customers-phone = Phone number
customers-phones = Phone numbers
customers-phone-hint = In any spelling.
customers-phone-label = Whose number
customers-phone-label-hint = For example: sister, work.
customers-phone-main = Call this number first
customers-phone-new = Add number
customers-phone-edit = Edit number
customers-phone-hidden = The number is { $phone }. Leave this empty to keep it.
customers-phone-change = Edit { $phone }
customers-phone-remove = Remove number
customers-phone-remove-title = Remove this number?
customers-phone-remove-text = Calls from it will no longer lead to this customer. Orders that were placed keep it.
customers-call = Call { $phone }
customers-copy = Copy { $phone }
customers-whatsapp = WhatsApp to { $phone }
customers-reveal = Show
customers-reveal-hint = It is written down who looked, and when.

customers-address = Address
customers-addresses = Addresses
customers-addresses-none = None of their own yet. Each order has its address.
customers-address-new = Add address
customers-address-edit = Edit address
customers-address-label = What it is called
customers-address-label-hint = For example: home, shop.
customers-address-remove = Remove address
customers-address-remove-title = Remove this address?
customers-address-remove-text = New orders are no longer offered it. Orders that were placed keep it.
customers-street = Street and house
customers-street-more = More about the street
customers-province = Province
customers-city = Town
customers-city-hint = Commune, town or quarter; it is looked up in the lists.
customers-district = District
customers-postal-code = Postal code
customers-place-unknown = Not in the lists

customers-flags = Marks
customers-flags-none = No mark.
customers-flag-new = Add mark
customers-flag-intro = A mark is shown with every order of this customer.
customers-flag-kind = Mark
customers-flag-reason = Reason
customers-flag-reason-hint = What happened, so that a colleague understands it.
customers-flag-end = Until
customers-flag-end-hint = It goes by itself after this day.
customers-flag-lift = Lift
customers-flag-lift-title = Lift the mark “{ $mark }”
customers-flag-lift-reason = Why it goes
customers-flag-lifted = Lifted by { $who }, { $at }: { $reason }
customers-flag-by = { $who }, { $day }
customers-flag-until = until { $day }

customers-consents = Agreements
customers-consent-new = Write down
customers-consent-title = Write down what they said
customers-consent-save = Write it down
customers-consent-intro = What they said is kept with the moment and the way; the latest word counts. Messages about orders are allowed until they take that back, advertising only once they agreed.
customers-consent-way = Way
customers-consent-purpose = For what
customers-consent-answer = Their word
customers-consent-yes = They agree
customers-consent-no = They do not want it
customers-consent-source = How they said so
customers-consent-words = What they said
customers-consent-words-hint = Or where it can be found.
customers-consent-past = What they said before
customers-consent-was-given = { $channel }, { $purpose }: yes. { $source }, { $who }
customers-consent-was-taken = { $channel }, { $purpose }: no. { $source }, { $who }
customers-purpose-order = Orders
customers-purpose-marketing = Advertising
customers-way-email = E-mail
customers-way-sms = SMS
customers-way-telegram = Telegram
customers-way-calls = Calls
customers-source-call = In a call
customers-source-form = In a form
customers-source-message = By a message
customers-source-link = By a link
customers-source-import = From a file
customers-source-staff = In another way

customers-history = History
customers-history-filter = Filter the history
customers-history-all = All
customers-history-orders = Orders
customers-history-messages = Messages
customers-history-payments = Payments
customers-history-notes = Notes
customers-history-changes = Changes
customers-history-empty = Nothing here yet.
customers-older = Older
customers-note-placeholder = Write a note about this customer
customers-note-erase = Erase note
customers-note-erase-title = Erase this note?
customers-note-erase-text = Its words are gone for good. That there was a note stays in the history.
customers-line-order = Order { $order } came in, { $total }
customers-line-message = Message { $subject }
customers-line-payment = { $amount } received
customers-line-refund = { $amount } given back
customers-line-chargeback = { $amount } taken back by the bank
customers-line-credit = Credit note of { $amount }
customers-line-note = { $who } wrote a note
customers-line-flag = { $who } set the mark { $mark }
customers-line-flag-removed = { $who } lifted a mark
customers-line-consent-given = { $who } wrote down a yes: { $channel }, { $purpose }
customers-line-consent-taken = { $who } wrote down a no: { $channel }, { $purpose }
customers-line-merge = { $who } merged another record into this one
customers-line-merged-away = { $who } merged this record into another one
customers-line-unmerged = { $who } took a merge apart
customers-line-created = { $who } brought this customer in
customers-line-changed = { $who } changed the record
customers-line-changed-what = { $who } changed: { $what }
customers-line-note-erased = { $who } erased a note
customers-line-exported = { $who } had everything about this person written down
customers-line-revealed = { $who } looked at a whole phone number
customers-line-erasure-asked = { $who } asked to erase this person
customers-line-erasure-cancelled = { $who } called the erasing off
customers-line-erased = { $who } erased this person
customers-message-queued = Waits
customers-message-sent = Sent
customers-message-skipped = Not sent
customers-message-failed = Failed
customers-payment-pending = Promised
customers-payment-failed = Failed

customers-twins-link = Likely the same
customers-twins-title = Likely the same person
customers-twins-intro = Among the newest customers. A merge can be undone.
customers-twins-of = Likely the same person
customers-twins-none-title = No two records look like one person
customers-twins-none-text = Suggestions come from numbers, e-mail addresses, and names with the same street.
customers-like-phone = Same number
customers-like-email = Same e-mail
customers-like-name = Same name
customers-like-address = Same street
customers-compare = Compare
customers-compare-two = Compare { $one } and { $other }
customers-merge = Merge with another record
customers-merge-title = Merge two records
customers-merge-intro = Who is the same person as { $name }?
customers-merge-text = One record stays, the other becomes part of it. Its old links go on working.
customers-merge-search = Somebody else
customers-merge-find = Find
customers-merge-none = Nobody found.
customers-merge-stays = Stays
customers-merge-goes = Becomes part of it
customers-merge-swap = Keep this one instead
customers-merge-choose = Where they differ
customers-merge-of-kept = of the one that stays
customers-merge-of-gone = of the other one
customers-merge-moves = What moves
customers-moves-orders = Orders
customers-merge-sums = Together they will have bought:
customers-merge-slow = There are many orders. They move behind the merge; the page shows how far it is.
customers-merge-undo = You can take the merge apart later: what moved goes back, new orders stay.
customers-merge-do = Merge
customers-merges = Merged records
customers-merge-was = { $name }, { $day }, { $who }
customers-merge-undone = taken apart
customers-unmerge = Take apart

customers-data = Personal data
customers-export-text = Everything that is kept about this person, as a file for them.
customers-export-one = Make the file
customers-work-export = The file is being made
customers-work-merge = Orders are moving
customers-file-made = Made { $at }
customers-file-until = Kept until { $day }
customers-file-people = To read
customers-file-programs = For programs
customers-erase = Erase person
customers-erase-title = Erase { $name }
customers-erase-gone = Gone for good: name, numbers, e-mail, addresses, notes, marks, agreements, messages and files, on all orders, too.
customers-erase-stays = What stays: amounts, products, provinces and dates of the orders, and the figures of reports.
customers-erase-at-once = It begins at once.
customers-erase-wait = { $count ->
    [one] It begins in one hour; until then it can be called off.
    *[other] It begins in { $n } hours; until then it can be called off.
}
customers-erase-final = Once it has begun nobody can bring it back.
customers-erase-confirm = Type { $name } to confirm
customers-erase-cancel = Call it off
customers-erasure-waits = { $who } asked to erase this person. It begins { $day }.
customers-erasure-runs = This person is being erased.
customers-erasure-done = Erased { $day }.
customers-erasure-done-rule = Erased { $day } by the rule for people nobody has heard of.
customers-erased = Erased
customers-erased-name = Erased customer
customers-erased-text = Nothing personal is kept about this customer. Amounts, provinces and dates of the orders stay for the books.
customers-erased-kept = What is gone, in figures. Amounts, provinces and dates of the orders stay.
customers-erased-orders = Orders without a name
customers-erased-messages = Messages
customers-erased-notes = Notes, numbers, addresses
customers-erased-files = Files
customers-erased-events = Details of the history

customers-form-stale = Somebody else saved this meanwhile. Nothing of yours is lost.
customers-sides = What differs
customers-sides-field = Field
customers-sides-yours = Yours
customers-sides-theirs = Saved meanwhile
customers-sides-hint = The form below holds yours. Change what should stay as it was saved, then save again.
customers-done-saved = Saved
customers-done-made = Customer added
customers-done-note = Note added
customers-done-note-erased = Note erased
customers-done-flag = Mark set
customers-done-lifted = Mark lifted
customers-done-consent = Written down
customers-done-archived = Archived
customers-done-unarchived = Taken out of the archive
customers-done-merged = Records merged
customers-done-unmerged = Two records again
customers-done-export = The file is being made
customers-done-erasing = The erasing is set
customers-done-kept = The erasing is called off
