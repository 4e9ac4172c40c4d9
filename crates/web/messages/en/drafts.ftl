# New orders, drafts, offers.

shell-nav-drafts = Drafts

draft-new-window = New order · Orders · Kafila
draft-new-title = New order
draft-new-subtitle = Number first: whom we know is filled in.
draft-window = { $name } · Drafts · Kafila
draft-nobody = Nobody named yet
draft-nothing = Nothing in it yet
draft-refresh = Work it out
draft-phone = Phone number
draft-name = Name
draft-wilaya = Wilaya
draft-commune = Commune
draft-province = Province
draft-city = City
draft-choose = Choose
draft-record = { $orders } orders, { $delivered } delivered, { $returned } returned
draft-use = Take over
draft-used = Taken over
draft-title = What it is
draft-remove = Remove { $title }
draft-find = Product or SKU
draft-find-go = Search
draft-found = Found in the catalogue
draft-add-free = Add “{ $title }” without the catalogue
draft-more = More
draft-more-hint = Source, payment, priority, day
draft-source = Source
draft-fee-of-store = As the store
draft-is-test = Test order
draft-sums = Total
draft-discount-hint = 500 or 10%
draft-note = Note for the team
draft-no-total = No total yet
draft-lacks = Still missing
draft-place = Place order
draft-save = Save draft
draft-save-as = Save as draft
draft-wrong = Look at the fields that are marked.
draft-placed-already = This form was sent already, with other content. Send it again to place a second order.
draft-stale = Somebody else changed this draft meanwhile. Compare, then keep yours or theirs.
draft-keep-mine = Keep mine
draft-keep-theirs = Keep theirs
draft-saved = Draft saved
draft-again = Draft made from the order
draft-deleted = Draft deleted
draft-unshared = The link no longer works
draft-changes = { $count ->
    [one] { $n } thing is different today from the order that this repeats: price, name or no longer sold.
    *[other] { $n } things are different today from the order that this repeats: prices, names or no longer sold.
}
draft-expires = Goes by itself on { $at }
draft-share = Link for the customer
draft-share-text-hint = The customer sees the offer by the link and accepts it there.
draft-share-make = Make a link
draft-share-new = Make a new link
draft-share-end = End the link
draft-share-text = Your offer from { $store }: { $link }
draft-link = Link
draft-link-once = The link is shown once. A new link ends this one.
draft-link-until = Link valid until { $at }
draft-copy = Copy
draft-delete = Delete draft
draft-delete-text = The draft goes with everything in it, and its link ends. This cannot be undone.
draft-state-open = Open
draft-state-shared = Shared
draft-state-placed = Placed

drafts-window = Drafts · Kafila
drafts-title = Drafts
drafts-subtitle = Orders being put together: carts, quotes, orders taken in a chat
drafts-views = Drafts by state
drafts-open = Open
drafts-placed = Placed
drafts-empty-title = Drafts will appear here
drafts-empty-text = Save a new order as a draft when something is still missing, or share it with the customer first.
drafts-none-title = No placed drafts
drafts-none-text = Drafts that became orders stand here for a while.
drafts-count = { $count ->
    [one] { $n } draft
    *[other] { $n } drafts
}

quote-window = { $title } · { $store }
quote-title = Your offer
quote-placed-title = Your order
quote-spent-title = This link is spent
quote-spent-text = It was used already or is too old. Ask the shop for a new one.
quote-placed-text = Thank you. Your order { $number } is placed.
quote-to = For
quote-accept = Accept and order
quote-until = The offer stands until { $at }
quote-not-ready = The shop is still working on this offer.

error-amount-text = Write an amount such as 1500 or 1500.50.
error-discount-text = Write an amount such as 500 or a share such as 10%.
