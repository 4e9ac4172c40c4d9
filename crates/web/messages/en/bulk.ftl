# One action on many orders.

bulk-bar = Selected orders
bulk-ticked = Selected
bulk-ticked-one = { $n } selected
bulk-ticked-many = { $n } selected
bulk-pick = Select order { $number }
bulk-pick-page = Select this page
bulk-picking = Select orders
bulk-pick-none = Clear the selection
bulk-select-all = { $count ->
    [one] Select the one order of this view
    *[other] Select all { $n } in this view
}
bulk-assign = Assign
bulk-tags = Tags
bulk-tags-add = Add tags
bulk-tags-remove = Remove tags
bulk-tags-hint = Part several by commas.
bulk-move = Move on
bulk-move-how = How
bulk-move-on = To the next step
bulk-move-to = Move to { $state }
bulk-priority = Priority
bulk-set-priority = Priority { $priority }
bulk-cancel = Cancel orders
bulk-archive = Archive
bulk-unarchive = Back to the daily list
bulk-notify = Tell customers
bulk-notifies = Tell customers where the settings say so
bulk-about = { $count ->
    [one] With { $n } order.
    *[other] With { $n } orders.
}
bulk-about-view = With every order that this view shows.
bulk-tried-first = Each order is tried first. You see what would happen before anything changes.
bulk-try = Try it
bulk-runs = Bulk actions
bulk-runs-window = Bulk actions · Orders · Kafila
bulk-runs-text = What was done with many orders at once, and what became of each.
bulk-runs-none = No bulk action yet
bulk-runs-none-text = Select orders in the list, then choose what to do with them.
bulk-orders = { $count ->
    [one] { $n } order
    *[other] { $n } orders
}
bulk-refused-n = { $count ->
    [one] { $n } refused
    *[other] { $n } refused
}
bulk-by = { $who }, { $at }
bulk-found = Orders
bulk-waiting = Waiting
bulk-done = Done
bulk-unchanged = Already so
bulk-refused = Refused
bulk-skipped = Changed meanwhile
bulk-error-rate = Error rate
bulk-undone = Taken back
bulk-kept = Left as they are
bulk-item-undone = Taken back.
bulk-item-kept = Left as it is.
bulk-would-do = { $count ->
    [one] It would be done to { $n } order
    *[other] It would be done to { $n } orders
}
bulk-would-not-change = { $count ->
    [one] { $n } order is so already
    *[other] { $n } orders are so already
}
bulk-refusals = Would be refused
bulk-start = { $count ->
    [one] Do it to { $n } order
    *[other] Do it to { $n } orders
}
bulk-go-on = { $count ->
    [one] Go on with { $n } order
    *[other] Go on with { $n } orders
}
bulk-careful = Begin small, stop on errors, or begin later
bulk-first-label = How many first
bulk-first-all = All
bulk-first = { $count ->
    [one] { $n }, then wait
    *[other] { $n }, then wait
}
bulk-stop-label = Stop when refused
bulk-stop-never = Never
bulk-stop-above = above { $share }
bulk-at-label = Begin at
bulk-retry = { $count ->
    [one] Try the one not done again
    *[other] Try the { $n } not done again
}
bulk-undo = Undo
bulk-undo-until = possible until { $at }
bulk-stop = Stop
bulk-items = Orders of this action
bulk-items-none = No order here.
bulk-outcome = Result
bulk-show = Show
bulk-file = Results as a file
bulk-is-preparing = Being tried
bulk-is-ready = Ready
bulk-is-scheduled = Scheduled
bulk-is-running = Running
bulk-is-paused = Paused
bulk-is-stopped = Stopped on errors
bulk-is-done = Done
bulk-is-cancelled = Called off
bulk-is-failed = Broke off
bulk-is-undoing = Being taken back
bulk-is-undone = Taken back
bulk-says-preparing = Each order is being tried. Nothing changes yet.
bulk-says-ready = Tried. Nothing has changed yet.
bulk-says-scheduled = It begins by itself: { $at }.
bulk-says-running = Under way. You can leave this page.
bulk-says-paused = The first batch is done. Look at it, then go on.
bulk-says-stopped = Too many were refused, so it stopped. What is done stays done.
bulk-says-done = Every order has its result.
bulk-says-cancelled = Somebody called it off. What is done stays done.
bulk-says-failed = It broke off. No order is half done; begin it again.
bulk-says-undoing = Orders are being put back as they were.
bulk-says-undone = Orders that nobody touched since are as before.
