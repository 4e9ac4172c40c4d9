# The frame of every staff page, its menus and shortcuts.

shell-name = Kafila
shell-about = Orders, calls and deliveries of a shop in one place.
shell-shortcut-search = Search
shell-skip = Skip to content
shell-main = Main
shell-quick = Quick
shell-top = Search and account
shell-search = Search orders, phones, customers
shell-back = Back to { $section }
shell-language = Language
shell-theme = Theme
shell-more = More
shell-offline = You are offline. What you see stays here; changes need the network.
shell-undo = Undo
shell-live = Live
shell-reconnecting = Reconnecting
shell-copied = Copied
shell-close = Close
shell-not-now = Keep as it is
shell-pages = Pages
shell-previous = Previous
shell-next = Next
shell-failed = That did not reach the server. Nothing is lost; try again.
shell-sign-out = Log out
shell-stores = { $count ->
    [one] { $n } store
    *[other] { $n } stores
}
shell-nav-orders = Orders
shell-nav-customers = Customers
shell-group-customers = Customers
shell-nav-stores = Stores
shell-nav-people = People
shell-nav-settings = Settings
shell-nav-imports = Imports
shell-nav-audit = Audit trail
shell-nav-system = System
shell-nav-api = API
shell-group-setup = Set-up

theme-system = As the device
theme-light = Light
theme-dark = Dark

keys-title = Keyboard shortcuts
keys-search = Search everywhere
keys-filter = Filter this view
keys-move = Next and previous row
keys-open = Open the row
keys-pick = Select the row, or up to it
keys-quick = Look at the order beside the list
keys-fresh = Load new orders
keys-views = Previous and next view
keys-undo = Undo the last step
keys-help = This list

shell-nav-home = Dashboard
shell-nav-alerts = Waiting for you
shell-home = Home
shell-waiting = { $count ->
    [one] { $n } thing waits for you
    *[other] { $n } things wait for you
}
shell-back-in = You are in again. Nothing you typed is lost.
shell-new-version = Kafila was renewed.
shell-reload = Load the new version
session-over-title = Your session is over
session-over-text = Log in again in a new tab and come back here. What you typed stays, and you can send it then.
session-over-button = Log in
session-back-title = You are in again
session-back-text = Close this tab and go on where you were.
session-back-button = Go on here
keys-everywhere = Everywhere
keys-escape = Close what is open
keys-go = Go to
keys-lists = In lists
keys-here = On this page
keys-off-hint = Single keys can get in the way of voice input and of typing by accident.
keys-off = Switch single keys off
keys-on = Switch single keys on
