# People around an order: who looks at it, notes on top, whom notes name.

people-between = ,
people-viewing = { $count ->
    [one] { $n } is viewing
    *[other] { $n } are viewing
}
people-editing = { $count ->
    [one] { $n } is editing
    *[other] { $n } are editing
}
people-editing-too = { $count ->
    [one] { $n } is editing this order, too. Nothing gets lost: who saves second sees both sides.
    *[other] { $n } are editing this order, too. Nothing gets lost: who saves second sees both sides.
}
people-new-note = A new note names you
people-named-you = { $who } named you in a note
people-note-seen = Seen
people-seen-done = Marked as seen
people-alert = { $who } named you in a note on order { $number }
people-pins = Pinned notes
people-pin = Pin
people-unpin = Unpin
people-pinned = Note pinned on top of the order
people-unpinned = Note unpinned
people-pin-by = { $who }, { $at }
people-customer-reads = The customer may read it
people-to-name = Colleagues to name
people-name-hint = @ names a colleague
people-cancel = Cancel the order
people-look = Look
people-map = Show the address on a map
people-spent = Spent, delivered
people-open-too = { $count ->
    [one] Another order of this customer is open. The same twice?
    *[other] { $n } other orders of this customer are open. The same twice?
}
history-note-pinned = { $who } pinned a note
history-note-unpinned = { $who } unpinned a note
