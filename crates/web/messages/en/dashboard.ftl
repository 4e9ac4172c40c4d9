# The dashboard, and what waits for its reader.

dash-window = Dashboard · Kafila
dash-morning = Good morning, { $name }
dash-afternoon = Good afternoon, { $name }
dash-evening = Good evening, { $name }
dash-as-of = { $day }, { $time }
dash-today = Today
dash-yesterday = Yesterday
dash-week = 7 days
dash-month = 30 days
dash-period = Period
dash-store = Store
dash-all-stores = All stores
dash-new = New orders
dash-value = Value of new orders
dash-confirmation = Confirmation rate
dash-delivered = Delivered, 30 days
dash-right-now = Right now
dash-by-this-hour = { $n } by this hour a week before
dash-week-before = { $n } on the same day a week before
dash-seven-before = { $n } in the 7 days before
dash-thirty-before = { $n } in the 30 days before
dash-whole-day-before = { $n } in all a week before
dash-of-decided = { $part } of { $whole } decided
dash-of-arrived = { $part } of { $whole } that arrived
dash-more-orders = { $share } more orders than before
dash-fewer-orders = { $share } fewer orders than before
dash-as-many-orders = As many orders as before
dash-orders-in = Orders that came in
dash-by-hour = Orders placed by hour · { $store }
dash-by-day = Orders placed by day · { $store }
dash-chart-hours = Orders by hour
dash-chart-days = Orders by day
dash-chart-said = { $now } orders so far, { $before } in the time that it is compared with. Most came at { $peak }.
dash-line-week = A week before
dash-line-seven = 7 days before
dash-line-thirty = 30 days before
dash-hour = Hour
dash-day = Day
dash-as-table = Show as table
dash-see-orders = { $count ->
    [one] See { $n } order
    *[other] See { $n } orders
}
dash-open-title = { $count ->
    [one] { $n } open order
    *[other] { $n } open orders
}
dash-open-about = Where open orders stand now
dash-outcomes-title = { $share } of decided orders are confirmed
dash-outcomes-none = What becomes of orders
dash-outcomes-about = Orders of the last 30 days, as they stand now
dash-received = Received
dash-not-called-off = Confirmed
dash-handed-over = Handed over
dash-stores-title = Orders by store
dash-stores-about = Placed · { $period }
dash-stores-about-today = Placed today, beside the same hours a week before
dash-store-before = { $n } a week before
dash-store-period-before = { $n } before
dash-recent = Latest activity
dash-recent-none = Orders that move show up here.
dash-see-all = See all
dash-failed = This part could not be loaded
dash-failed-text = The rest of the page is right. Code:

alerts-window = Waiting for you · Kafila
alerts-subtitle = { $count ->
    [one] { $n } thing
    *[other] { $n } things
}
alerts-none = Nothing waits for you
alerts-none-text = Notes that name you, problems passed up to you, late calls, refused rows and failed work show up here.
alerts-open = Open
alerts-see = See
alerts-to-dashboard = To the dashboard
alerts-problem = A problem with order { $number }
alerts-problem-due = Due { $due }
alerts-problem-late = Overdue since { $due }
alerts-late = { $count ->
    [one] { $n } order waits for a call for over 4 hours
    *[other] { $n } orders wait for a call for over 4 hours
}
alerts-late-text = The oldest came { $at }
alerts-jobs = { $count ->
    [one] { $n } job failed for good
    *[other] { $n } jobs failed for good
}
alerts-jobs-text = The last one { $at }
alerts-import-stopped = An import stopped before its end
alerts-import-refused = Rows of a file were refused: { $n }
