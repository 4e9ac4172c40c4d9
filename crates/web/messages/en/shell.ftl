# The frame of every staff page, its menus and shortcuts.

shell-name = Kafila
shell-skip = Skip to content
shell-main = Main
shell-quick = Quick
shell-top = Search and account
shell-search = Search orders, phones, customers
shell-back = Back to orders
shell-language = Language
shell-theme = Theme
shell-more = More
shell-offline = You are offline. What you see stays here; changes need the network.
shell-undo = Undo
shell-live = Live
shell-reconnecting = Reconnecting
shell-copied = Copied
shell-close = Close
shell-failed = That did not reach the server. Nothing is lost; try again.
shell-sign-out = Log out
shell-stores = { $count ->
    [one] { $n } store
    *[other] { $n } stores
}
shell-nav-orders = Orders
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
keys-fresh = Load new orders
keys-views = Previous and next view
keys-orders = Go to orders
keys-confirm = Confirm the order
keys-note = Write a note
keys-undo = Undo the last step
keys-help = This list
