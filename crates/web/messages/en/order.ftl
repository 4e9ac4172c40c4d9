# One order: its page, its moves, its history.

order-window = Order { $number } · Orders · Kafila
order-heading = Order { $number }
order-came = { $channel }, { $at }
order-updated = changed { $at }
order-archived = Archived
order-print = Print
order-reload = Reload
order-changed-meanwhile = This order changed while you were looking at it.
order-see-changes = See the changes
order-progress = Progress
order-promise = Promise: deliver by { $day }
order-step-received = Received
order-step-confirming = Confirming
order-step-confirmed = Confirmed
order-step-preparation = In preparation
order-step-shipped = Shipped
order-step-out = Out for delivery
order-step-delivered = Delivered
order-step-return-asked = Return asked
order-step-return-approved = Return approved
order-step-returned = Returned
order-step-refunded = Refunded
order-step-cancelled = Cancelled
order-waits-confirm = Waiting for the customer to confirm
order-waits-process = Confirmed, waiting for preparation
order-waits-stock = Waiting for stock
order-waits-ship = In preparation, waiting for the courier
order-waits-out = On its way
order-waits-deliver = With the delivery agent
order-waits-nothing = Delivered
order-waits-return-approval = The customer wants to return it
order-waits-return = Waiting for the parcel to come back
order-waits-refund = Returned
order-waits-refunded = The money went back
order-waits-cancelled = Cancelled
order-next = Next action
order-next-confirm = Call the customer
order-next-process = Prepare the parcel
order-next-stock = Wait for the stock
order-next-ship = Hand the parcel over
order-next-follow = Follow the parcel
order-next-delivered = Delivered: nothing to do
order-next-return = Handle the return
order-next-closed = Closed
order-next-hint = Each step is kept in the history and can be undone for a few seconds.
order-call = Call
order-moves = Possible steps
order-reason = Reason
order-reason-pick = Choose a reason
order-note-optional = Note (optional)
order-items = Items
order-units = { $count ->
    [one] { $n } unit
    *[other] { $n } units
}
order-subtotal = Subtotal
order-discount = Discount
order-shipping-fee = Delivery
order-cod-fee = Cash on delivery fee
order-tax = { $label } { $rate }
order-tax-included = Including { $label } { $rate }
order-credited = Credited
order-total = Total
order-to-collect = To collect on delivery
order-activity = Activity
order-activity-filter = Filter activity
order-activity-all = All
order-activity-notes = Notes
order-activity-status = Status
order-activity-empty = Nothing here yet.
order-note-placeholder = Write a note for the team
order-note-add = Add note
order-note-visible = The customer may read it
order-note-added = Note added
order-undone = Step taken back
order-aside = Customer and delivery
order-customer = Customer
order-customer-since = Customer since { $day }
order-customer-orders = orders
order-customer-delivered = delivered
order-customer-returned = returned
order-customer-cancelled = cancelled
order-copy-phone = Copy the phone number
order-payment = Payment
order-payment-method = Method
order-payment-due = To collect
order-shipment = Shipment
order-courier = Courier
order-tracking = Tracking number
order-expected = Expected
order-facts = Details
order-store = Store
order-agent = Agent
order-reference = Reference
order-channel = Channel
order-address = Address
order-priority = Priority
order-tags = Tags
order-reason-was = Reason: { $reason }

history-system = Kafila
history-somebody = Somebody
history-placed = { $who } placed the order
history-confirm = { $who } confirmed the order
history-backorder = { $who } marked the order as waiting for stock
history-restock = { $who } noted that the stock is here
history-process = { $who } began preparation
history-hand-over = { $who } handed the parcel to the courier
history-out = { $who } reported the parcel out for delivery
history-fail-delivery = { $who } reported a failed delivery
history-deliver = { $who } reported delivery
history-return-to-sender = { $who } reported the parcel coming back
history-request-return = { $who } noted that the customer wants to return it
history-approve-return = { $who } approved the return
history-reject-return = { $who } rejected the return
history-receive-return = { $who } received the return
history-refund = { $who } gave the money back
history-cancel = { $who } cancelled the order
history-reopen = { $who } reopened the order
history-correct = { $who } corrected the status
history-undone = { $who } took the last step back
history-substatus = { $who } moved the order inside its status
history-numbered = { $who } gave the document its number
history-number-voided = { $who } voided the document; its number stays with it
history-changed = { $who } changed the order
history-edited = { $who } edited what was ordered
history-edit-undone = { $who } took the edit back
history-line-moved = { $who } changed the state of an item
history-note = { $who } wrote a note
history-note-customer = { $who } wrote a note that the customer sees
history-tracking = { $who } added a tracking entry
history-attached = { $who } attached a file
history-attachment-changed = { $who } changed what is said about a file
history-detached = { $who } removed a file
history-attachment-restored = { $who } put a file back
history-archived = { $who } archived the order
history-unarchived = { $who } took the order out of the archive
history-decision = { $who } recorded a decision
history-credited = { $who } recorded a credit note
history-notified = { $who } sent a message to the customer
history-pushed = { $who } told the back office
history-push-refused = { $who } could not tell the back office
history-given = { $who } gave the order to { $to }
history-taken = { $who } took the order
history-freed = { $who } left the order to whoever is free
history-message-asked = { $who } asked to tell the customer where the order stands
history-message-called-off = { $who } called that message off
history-hold-set = { $who } held the order back
history-hold-changed = { $who } changed a hold
history-hold-released = { $who } released a hold
history-hold-undone = { $who } took a hold or its release back
history-escalated = { $who } passed a problem up the team
history-escalation-acknowledged = { $who } took the problem on
history-escalation-moved = { $who } passed the problem further up
history-escalation-late = The problem went up because nobody answered in time
history-escalation-answered = { $who } sent the problem back with an answer
history-escalation-overdue = Nobody on the last level answered in time
history-escalation-resolved = { $who } settled the problem
history-other = { $who } did something else

move-confirm = Confirm

moved-confirm = Order { $number } confirmed

move-backorder = Wait for stock

moved-backorder = Order { $number } waits for stock

move-restock = Stock is here

moved-restock = Order { $number } can go on

move-process = Start preparation

moved-process = Order { $number } is in preparation

move-hand-over = Hand to courier

moved-hand-over = Order { $number } is with the courier

move-out = Out for delivery

moved-out = Order { $number } is out for delivery

move-fail-delivery = Delivery failed

moved-fail-delivery = Failed delivery of order { $number } noted

move-deliver = Delivered

moved-deliver = Order { $number } delivered

move-return-to-sender = Comes back

moved-return-to-sender = Order { $number } is coming back

move-request-return = Return asked

moved-request-return = Return of order { $number } noted

move-approve-return = Approve return

moved-approve-return = Return of order { $number } approved

move-reject-return = Reject return

moved-reject-return = Return of order { $number } rejected

move-receive-return = Receive return

moved-receive-return = Return of order { $number } received

move-refund = Refund

moved-refund = Order { $number } refunded

move-cancel = Cancel order

moved-cancel = Order { $number } cancelled

move-reopen = Reopen

moved-reopen = Order { $number } is open again

move-correct = Correct

moved-correct = Status of order { $number } corrected

reason-customer-refused = The customer refused
reason-unreachable = Not reachable
reason-wrong-number = Wrong number
reason-duplicate = Duplicate
reason-out-of-stock = Out of stock
reason-price = Price
reason-other = Other
reason-not-home = Nobody there
reason-postponed = Postponed by the customer
reason-wrong-address = Wrong address
reason-damaged = Damaged
reason-wrong-item = Wrong item
reason-size = Wrong size
reason-changed-mind = Changed their mind
reason-too-late = Too late
reason-used = Used
reason-returned = Goods came back
reason-goodwill = Goodwill
reason-mistake = Entered by mistake
reason-courier-report = The courier reported wrongly
