# Statuses and moves: states with their sub-statuses, moves with what they ask for, the draft, versions, the file.

status-title = Statuses and moves
status-tab-states = States
status-tab-moves = Moves
status-tab-draft = Draft
status-tab-versions = Versions
status-tab-file = File
status-as-built = As built in
status-version = Version { $n }
status-graph = How orders may move between states
status-arrow = { $from } to { $to }: { $action }
status-legend-open = Open
status-legend-guarded = Asks for more
status-legend-off = Switched off
status-customer-hears = Customer hears
status-erp-hears = ERP hears
status-state-about = State { $state }. Changes go into the draft first.
status-labels-text = Empty names are as built in.
status-tone-usual = As built in
status-tone-of-state = As the state
status-color = Own colour
status-color-hint = Such as #b45309, for programs and other screens; empty for none.
status-progress = Progress
status-progress-hint = How far along an order counts here, 0 to 100; empty is as built in.
status-notifies = The customer hears of it
status-notifies-hint = When an order comes here.
status-syncs = The ERP hears of it
status-syncs-hint = Once it has an address.
status-as-built-mark = As built in
status-as-state = As the state
status-subs = Sub-statuses
status-subs-text = Named places within the state: “No answer”, “Packed”. Orders move between them without leaving the state.
status-new-sub = New sub-status
status-key = Key
status-key-hint = Small letters, digits and underscores: no_answer. It belongs to this state for good.
status-order = Order
status-default = Default
status-default-hint = Orders land here that name no other place.
status-archived = Put away
status-archived-hint = No order may come here any more; those that are here stay.
status-next = May be followed by
status-next-hint = Nothing checked means all others of the state.
status-forbids = Cannot be done from here
status-forbids-hint = These moves are switched off while an order stands here.
status-ways = Ways out
status-guards = What is asked for
status-guards-text = All of it must hold, or the move is refused and says what is missing.
status-remove = Remove this sub-status
status-remove-hint = In the draft you say where its orders go.
status-to-draft = Put into the draft

status-moves-title = Moves
status-moves-about = Every step that orders can take. You can switch steps off or ask for more before them; new ones cannot be added.
status-off = Switched off
status-reason-needed = Reason
status-move-off = Switch this move off
status-move-off-hint = Nobody can do it, neither by page nor by program. Files from the past are not bound by it.
status-move-right = Right needed
status-move-reason = Must say why

guard-asks = Condition { $n }
guard-value = Value { $n }
guard-value-hint = What stands beside the condition; see below.
guard-none = No condition
guard-help = What can be a value
guard-help-tag = the name of a tag
guard-help-role = the name of a role
guard-kind-reason = A reason code
guard-kind-note = Words about why
guard-kind-notes = So many notes of a kind
guard-kind-field = A field that is filled in
guard-kind-tag = A tag
guard-kind-role = A role
guard-kind-right = One more right
guard-kind-confirmation = How far the call has come
guard-kind-payment = How much is paid
guard-reason = A reason code
guard-note = A note that says why
guard-tag = Tag “{ $tag }”
guard-field = Filled in: { $field }
guard-right = Right: { $right }
guard-role = Role { $role }
guard-confirmation = Call: { $is }
guard-payment = Payment: { $is }
guard-notes = At least { $least } notes “{ $kind }”
guard-field-phone = telephone
guard-field-street = street
guard-field-city = town
guard-field-province = province
guard-field-postal-code = postal code
guard-field-tracking = tracking number
guard-field-courier = courier
guard-field-agent = agent
guard-field-customer = customer
guard-field-expected-on = delivery date
guard-field-external-ref = reference
call-pending = not begun
call-attempting = being called
call-confirmed = confirmed
call-failed = failed
call-abandoned = given up

status-draft-title = Draft
status-draft-about = What you changed waits here: look at it, try it on your orders, then put it into force.
status-draft-changes = { $count ->
    [one] A draft with { $n } change waits.
    *[other] A draft with { $n } changes waits.
}
status-draft-look = Look at it
status-draft-none = There is no draft
status-draft-none-text = Change a state or a move, and it waits here until you put it into force.
status-draft-gone = The draft is gone: somebody put it into force or threw it away.
status-draft-stale = Somebody changed the rules or the draft meanwhile. Below is what stands now; look at it and send it again.
status-draft-outdated = Version { $n } came into force since this draft was made.
status-draft-lost = There is a draft already; going back replaces it.
status-rebase = Compare with the version in force
status-differences = What changes
status-no-differences = Nothing differs.
status-place = Place
status-before = Before
status-after = After
status-map-title = Where do their orders go?
status-map-text = These sub-statuses go away. Say where the orders move that stand in them.
status-map-choose = Choose
status-map-default = The default of the state
status-trial-title = Try it on your orders
status-try = Try it
status-trial-none = Not tried since its last change. Trying changes nothing.
status-trial-running = Looking through orders: { $done } of { $total }
status-trial-again = Look again
status-trial-failed = The trial did not come to its end. Try again.
status-trial-clean = { $count ->
    [one] { $n } order looked at; nothing stands out.
    *[other] { $n } orders looked at; nothing stands out.
}
status-trial-found = { $count ->
    [one] { $n } order looked at. This stands out:
    *[other] { $n } orders looked at. This stands out:
}
status-no-substatus = no sub-status
status-found-gone = Would move to: { $to }
status-found-archived = Stand in a sub-status that is put away
status-found-without = Have no sub-status, though their state has some
status-found-stuck = Could go nowhere any more
status-found-guard = Lack { $guard } for: { $action }
status-activate-title = Put it into force
status-activate-text = In force at once, for everybody. The version before stays, and you can go back to it.
status-note = Why
status-activate = Put into force
status-discard = Throw away
status-discard-title = Throw the draft away?
status-discard-text = Its changes are lost. What is in force stays as it is.

status-versions-title = Versions
status-versions-about = Every set of rules that was ever in force, with who and why.
status-versions-none = Nobody has changed the rules so far.
status-origin-rules = rules
status-origin-settings = settings
status-origin-restore = back to an earlier version
status-in-force = In force
status-when = When
status-who = Who
status-how = Through
status-why = Why
status-changed-then = What it changed
status-changes-back = Going back would change
status-back-to = Take into the draft

status-file-title = One file
status-file-about = All of it as one JSON file, to be kept, compared and brought into another organization.
status-export = Download what is in force
status-file-label = Rules as JSON
status-file-hint = What you bring in becomes the draft. Nothing is in force before you say so.
status-file-choose = Choose a file
status-import = Bring in as the draft
status-file-broken = This is no JSON: line { $line }, column { $column }.
status-file-mistakes = { $count ->
    [one] { $n } mistake; nothing was taken.
    *[other] { $n } mistakes; nothing was taken.
}
