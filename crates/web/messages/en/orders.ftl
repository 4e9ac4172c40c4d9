# The list of orders.

orders-title = Orders
orders-window = Orders · Kafila
orders-subtitle = { $count ->
    [one] { $n } order, { $waiting } to confirm
    *[other] { $n } orders, { $waiting } to confirm
}
orders-figures = Figures
orders-table = Orders table
orders-views = Views
orders-view-all = All
orders-view-to-confirm = To confirm
orders-view-confirmed = Confirmed
orders-view-backordered = Backordered
orders-view-processing = In preparation
orders-view-delivery = In delivery
orders-view-delivered = Delivered
orders-view-returns = Returns
orders-view-cancelled = Cancelled
orders-filter-label = Filter orders
orders-filter-search = Filter this view
orders-filters = Filters
orders-filter-any = Any
orders-filter-from = Placed from
orders-filter-to = Placed until
orders-filter-state = Status
orders-filter-store = Store
orders-filter-province = Wilaya
orders-filter-agent = Agent
orders-filter-channel = Channel
orders-filter-shipping = Shipment
orders-filter-priority = Priority
orders-filter-min = Total from, { $currency }
orders-filter-unclear = { $typed } (not clear, left out)
orders-filter-max = Total up to, { $currency }
orders-filter-search-chip = Search
orders-filter-remove = remove
orders-mine = Mine
orders-nobody = Nobody
orders-clear = Clear filters
orders-show = { $count ->
    [one] Show { $n } order
    *[other] Show { $n } orders
}
orders-col-order = Order
orders-col-customer = Customer
orders-col-items = Items
orders-col-place = Wilaya
orders-col-total = Total
orders-col-state = Status
orders-col-agent = Agent
orders-col-created = Placed
orders-progress = Progress { $percent }
orders-more-items = { $count ->
    [one] +{ $n } item
    *[other] +{ $n } items
}
orders-range = { $from } to { $to } of { $total }
orders-at-least = over { $n }
orders-page = Page
orders-of-pages = of { $n }
orders-previous = Previous page
orders-next = Next page
orders-found-so-far = { $n } found so far
orders-found-further = { $n } found among older orders
orders-search-on = Look further
orders-keys-move = move
orders-keys-all = all shortcuts
orders-retry = Retry
orders-empty-title = Your orders will appear here
orders-empty-text = They come in by the API or from a file, and show up here by themselves.
orders-empty-docs = How orders come in
orders-none-title = { $count ->
    [one] No order matches { $n } filter
    *[other] No order matches { $n } filters
}
orders-none-text = Widen the dates, or take a filter away.
orders-none-search = Search looked at numbers, names, phones, references and items.
orders-none-yet = Nothing among the newest orders. Older ones were not looked at yet.
orders-none-older = No further order matches
orders-done-title = Nothing waits here
orders-done-text = Every order of this view has moved on.
orders-see-all = See all orders
orders-fresh = { $count ->
    [one] { $n } new order
    *[other] { $n } new orders
}
orders-figure-today = Placed today
orders-figure-waiting = To confirm
orders-figure-confirmed = Confirmed, 7 days
orders-figure-delivered = Delivered, 30 days
orders-figure-returned = Returned, 30 days
orders-figure-of = of { $n }
orders-figure-week = { $n } in 7 days
orders-more = More
orders-new = New order
orders-new-short = New
orders-export = Export
orders-views-all = All views
orders-views-none = No views kept yet
orders-views-none-text = Filter the list as you need it, then keep it here under a name.
orders-view-save = Save view
orders-view-update = Save changes
orders-view-change = Change the view
orders-view-change-one = Change { $name }
orders-view-remove = Delete { $name }
orders-view-pin = Keep { $name } at hand
orders-view-name = Name
orders-view-audience = Who sees it
orders-view-private = Only me
orders-view-everybody = Everybody
orders-view-role = Role { $role }
orders-view-default = Roles that begin with it
orders-view-default-hint = People of these roles open the list with this view the first time.
orders-view-default-of = begins for { $roles }
orders-view-at-hand = Keep it as a tab, with its count
orders-view-keep = Save
orders-view-kept = View saved
orders-view-removed = View deleted
orders-view-restored = View restored
orders-undone = Taken back
orders-sheet-window = { $title } · Orders · Kafila
orders-everywhere = Search all orders for “{ $text }”
orders-everywhere-short = Search everywhere
orders-show-any = Show the orders
orders-columns = Columns
orders-columns-title = Columns and rows
orders-columns-hint = Kept for you, for this view. Narrow screens drop columns from the end.
orders-columns-set = Apply
orders-columns-reset = Usual columns
orders-column-up = Move { $column } before
orders-column-down = Move { $column } after
orders-density = Rows
orders-density-comfortable = Normal
orders-density-compact = Compact
orders-page-size = Orders on a page
orders-col-collect = To collect
orders-col-payment = Payment
orders-col-shipping = Shipment
orders-col-tracking = Tracking
orders-col-store = Store
orders-col-tags = Tags
orders-col-priority = Priority
orders-col-expected = Promised
orders-col-moved = Last move
orders-none = none
orders-held = Held back
orders-first = First page
orders-keys-pick = select
orders-act-open = Open the order
orders-act-quick = More actions
orders-act-call = Call
orders-act-copy = Copy the number
orders-copy-number = Copy the order number
orders-chip-selected = { $count ->
    [one] { $n } selected
    *[other] { $n } selected
}
orders-chip-or = { $first } or { $second }
orders-span-from = from { $from }
orders-span-to = up to { $to }
orders-days-today = Today
orders-days-yesterday = Yesterday
orders-days-seven = Last 7 days
orders-days-thirty = Last 30 days
orders-days-month = This month
orders-days-last-month = Last month
orders-call-pending = Not called yet
orders-call-attempting = Tried
orders-call-confirmed = Agreed
orders-call-failed = Refused
orders-call-abandoned = Given up
orders-archived-no = In the daily list
orders-archived-only = Archived
orders-archived-any = Both
orders-filter-days = Placed
orders-filter-substatus = Sub-status
orders-filter-sku = Product
orders-filter-sku-hint = SKU of a variant; part several by commas.
orders-filter-city = Commune
orders-filter-call = Call
orders-filter-payment = Payment
orders-filter-method = Way of paying
orders-filter-tag = Tags
orders-filter-tag-all = With all tags
orders-filter-untag = Without tags
orders-filter-hold = Why held back
orders-filter-holds = Held back
orders-filter-held = Held back
orders-filter-not-held = Not held back
orders-filter-escalations = Passed up the team
orders-filter-escalated = Escalated
orders-filter-not-escalated = Not escalated
orders-filter-place = Address
orders-filter-place-known = Place known
orders-filter-place-unknown = Place unknown
orders-filter-archived = Which list
orders-filter-custom = Own field
orders-given = The order has been given to somebody else

# Groups of conditions of which one holds, and the sentence that says it.
orders-groups = At least one of these
orders-groups-hint = Conditions of one group hold together; an order must meet at least one group, besides what is chosen above.
orders-group-title = A group of conditions
orders-group-hint = What you choose here holds together, as one of the alternatives.
orders-group-add = Add a group
orders-group-change = Change
orders-group-remove = Remove the group: { $group }
orders-group-back = All filters
orders-group-chip = Alternative
orders-said = Shown are orders with { $all }, and with at least one of these: { $any }.
orders-said-any = Shown are orders with at least one of these: { $any }.
orders-said-is = { $label }: { $value }
orders-said-and = { $first } and { $second }
orders-said-or = { $first } or { $second }
orders-said-group = ({ $group })
orders-sort-newest = Newest first
orders-sort-oldest = Oldest first
orders-sort-largest = Largest total first
orders-sort-smallest = Smallest total first
orders-sort-moved-last = Latest change first
orders-sort-moved-first = Longest unchanged first
orders-sort-number-down = Highest number first
orders-sort-number-up = Lowest number first
orders-sort-urgent = Most urgent first
