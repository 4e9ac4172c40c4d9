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
orders-filter-min = Total from
orders-filter-max = Total up to
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
