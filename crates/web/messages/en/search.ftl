# Search everywhere.

search-window = Search · Kafila
search-title = Search
search-button = Search
search-orders = Orders
search-customers = Customers
search-pages = Pages
search-actions = Actions
search-recent = Lately
search-none = Nothing was found
search-hint = Numbers, names, phones in any spelling or their last four digits, references and items are looked at.
search-all-orders = All orders found
search-orders-of = { $count ->
    [one] { $n } order
    *[other] { $n } orders
}
