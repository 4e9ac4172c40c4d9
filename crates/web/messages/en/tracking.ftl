# Looking an order up, the page of one order, a customer's own orders.

track-window = { $title } · { $store }
track-privacy = Your number and address are not shown in full on this page.

# Looking an order up

track-find-title = Where is my order?
track-find-intro = Type the number of your order. With the last four digits of your phone you see everything about it.
track-find-number = Order number
track-find-number-hint = It stands in the message that confirmed your order.
track-find-proof = Last four digits of your phone, or your e-mail
track-find-proof-hint = Those that you gave with the order. Left empty, the page says only where the order stands.
track-find-button = Search
track-find-more = To see the parcel, the amount and the address, add the last four digits of your phone.
track-find-several = More than one order fits. Choose yours.
track-help = Nothing found?
track-help-number = Check the number in your message: digits are easily swapped.
track-help-phone = Use the phone that you ordered with, even if another one received the call.
track-help-store = A new order can take some minutes to appear. After that, the store can help.

# One order

track-order = Order { $number }
track-state = State of the order
track-route = The way of your order
track-progress = Progress of the order: { $percent }
track-items = In the parcel
track-pay-door = To pay on delivery
track-pay-open = To pay
track-pay-nothing = Nothing left to pay
track-pay-total = Total
track-parcel = Parcel
track-parcel-number = Tracking number
track-news = News of the parcel
track-said = From the store
track-address = Delivery address
track-contact = Questions about this order?
track-contact-text = { $store } helps you. Have the number { $number } at hand.
track-call = Call
track-whatsapp = WhatsApp
track-hello = Hello, this is about order { $number }.
track-reload = Reload
track-as-of = As of { $time }
track-mine = All my orders
track-other = Look up another order
track-spent-title = This link does not work any more
track-spent-text = It is too old, or the store ended it. Look your order up by its number.
track-off-title = This page is not here
track-off-text = The store does not show its orders here. Ask it directly.

# Where it stands: a heading and what it means

track-h-received = We have your order
track-s-received = We will call you to confirm it. Keep your phone near.
track-h-not-reached = We could not reach you
track-s-not-reached = We called to confirm your order and will try again. You can also call us.
track-h-confirmed = Your order is confirmed
track-s-confirmed = We will prepare it now.
track-h-waiting = Your order waits for stock
track-s-waiting = Something in it is sold out for now. We send it as soon as it arrives.
track-h-preparing = We are preparing your parcel
track-s-preparing = It goes to the courier next.
track-h-sent = Your order is on its way to you
track-s-sent = The courier has it. You get a call before delivery.
track-h-at-office = Your parcel waits for you
track-s-at-office = It is at the courier’s office. Call us if you do not know which one.
track-h-near = Your order is with the delivery agent
track-s-near = Keep your phone near; you get a call.
track-h-not-met = The delivery agent did not reach you
track-s-not-met = Choose another day below, or call us; your parcel is safe.
track-h-delivered = Your order is delivered
track-s-delivered = Thank you. If something is wrong with it, tell us below.
track-h-return-asked = You asked for a return
track-s-return-asked = We look at it and answer you.
track-h-return-accepted = Your return is accepted
track-s-return-accepted = Hand the parcel over as agreed with the store.
track-h-returning = Your parcel is going back to the store
track-s-returning = It was not handed over. If you still want it, call us soon.
track-h-back = Your parcel is back at the store
track-s-back = If you still want the order, or are owed money, call us.
track-h-refunded = Your money was returned
track-s-refunded = This order is closed. If nothing arrived, call us.
track-h-cancelled = This order is cancelled
track-s-cancelled = Nothing will be delivered and nothing is to be paid. If this is a mistake, call us.
track-h-lost = Your parcel is lost
track-s-lost = We are sorry. Call us: we send it again or return your money.

# The promise

track-promise-today = Expected today, { $day }
track-promise-tomorrow = Expected tomorrow, { $day }
track-promise-on = Expected on { $day }
track-promise-late = It was promised for { $day } and is late. We are looking after it; call us if you need it sooner.
track-day = { $weekday } { $date }
track-at = { $weekday } { $date }, { $time }
track-at-today = Today, { $time }
track-monday = Monday
track-tuesday = Tuesday
track-wednesday = Wednesday
track-thursday = Thursday
track-friday = Friday
track-saturday = Saturday
track-sunday = Sunday

# Stops of the way

track-stage-received = Order received
track-stage-confirmed = Confirmed with you
track-stage-prepared = Parcel in preparation
track-stage-sent = With the courier
track-stage-near = With the delivery agent
track-stage-delivered = Delivered
track-stage-return-asked = Return asked for
track-stage-return-accepted = Return accepted
track-stage-back = Back at the store
track-stage-refunded = Money returned
track-stage-cancelled = Cancelled

# Words of couriers

track-news-packed = Packed
track-news-picked-up = Picked up by the courier
track-news-in-transit = On its way
track-news-at-hub = At the courier’s centre
track-news-at-office = At the courier’s office
track-news-out = With the delivery agent
track-news-failed = Not handed over
track-news-delivered = Delivered
track-news-returned = Back at the store

# What a customer asks for

track-ask = Ask for a change
track-ask-return = Something is wrong, or a return
track-ask-intro = The store reads it and answers you. Nothing changes before that.
track-ask-what = What about
track-ask-text = In your words
track-ask-send = Send
track-ask-done = The store has your message and will answer you.
track-wish-day = Another day of delivery
track-wish-address = Correct the address
track-wish-cancel = Cancel the order
track-wish-return = Return or exchange
track-wish-other = Something else
# What a customer changes herself

track-own = Your order in your hands
track-own-change = Change items, day or address
track-own-change-less = Change day or address
track-own-cancel = Cancel the order
track-own-back = Back to the order
track-own-over = This order can no longer be changed here. Write to the store on its page, or call.
track-own-proof-hint = Those of the order, so that nobody else can change it.
track-change-title = Change your order
track-change-intro = Fill in only what shall be different; the rest stays.
track-change-done = Your order is changed. The store sees it.
track-change-items = Items
track-change-items-hint = How many of each; 0 takes it out.
track-change-when = Delivery
track-change-day = Another day
track-change-day-hint = From tomorrow to 30 days from now.
track-change-where = Address
track-change-street = Street, building, door
track-change-city = City or commune
track-change-province = Province
track-change-keep = As it is
track-change-who = Who receives it
track-change-name = Name
track-change-phone = Phone
track-change-save = Save the change
track-cancel-title = Cancel your order
track-cancel-intro = Order { $number } will not be delivered, and nothing is to be paid. You cannot take this back here.
track-cancel-why = Why
track-cancel-text-hint = Needed if you choose another reason.
track-cancel-do = Cancel the order
track-cancel-done = Your order is cancelled.
track-reason-changed-mind = I do not want it any more
track-reason-delivery-time = Delivery takes too long
track-reason-price = It costs too much
track-reason-duplicate = I ordered it twice
track-reason-other = Another reason

# A customer's own orders

mine-title = My orders
mine-intro = Type the phone number or e-mail address that you order with. You get a code that opens the list of your orders.
mine-contact = Phone or e-mail
mine-contact-button = Get a code
mine-have-code = I have a code already
mine-code-title = Type your code
mine-code-sent = If { $contact } belongs to a customer of ours, a code is on its way by e-mail. No e-mail? Call the store: somebody reads a code out to you.
mine-code = Code of six digits
mine-code-hint = It can be used for 10 minutes.
mine-code-button = Open my orders
mine-again = Use another number
mine-leave = Leave
mine-over = Your time here was over, or you left. Get a new code to go on.
mine-left = You have left. Your orders are closed on this device.
mine-figures = Your figures
mine-orders = Orders
mine-coming = On the way
mine-delivered = Delivered
mine-spent = Bought
mine-back = Cancelled or returned
mine-since = Customer since { $date }
mine-more-figures = More figures
mine-kept = Kept of what arrived
mine-spent-total = In all
mine-spent-average = For one order, on average
mine-months = The last twelve months
mine-month = Month
mine-bar = Orders as a bar
mine-search = Search my orders
mine-show = Show
mine-show-all = All
mine-show-coming = On the way
mine-show-delivered = Delivered
mine-show-ended = Cancelled or returned
mine-sort = Sorted by
mine-sort-newest = Newest first
mine-sort-oldest = Oldest first
mine-sort-total = Largest amount
mine-apply = Apply
mine-empty-title = No orders yet
mine-empty-text = As soon as you order, it appears here.
mine-none-title = Nothing fits
mine-none-text = None of your orders fits this search.
mine-none-clear = Show all orders
mine-many = The newest { $n } orders are looked through.
mine-lost-title = Which store?
mine-lost-text = Open this page from a message of your store, or look one order up by its number.
mine-things = { $count ->
    [one] { $n } item
   *[other] { $n } items
}

# What can go wrong

error-setting-phone = Expected a telephone number with its country’s code, such as +213 550 14 23 87.
error-setting-colour = Expected a colour such as #0b6b5d.
error-setting-contrast = White is not readable on this colour: contrast { $found }, at least 4.5. Choose a darker one.
error-tracking-no-match = We found no order that fits. Check the number and the digits.
error-tracking-proof = Several orders have this number. Add the last four digits of your phone.
error-tracking-code = This code does not fit, or is too old. Ask for a new one.
error-tracking-wish = This is no longer possible for the order. Call the store.
error-tracking-wishes = The store has several messages from you today. Call it, or write again tomorrow.
error-tracking-own-proof = This does not fit the order. Type the last four digits of the phone on it, or your e-mail address.
error-tracking-not-hers = The order has come too far to be changed here. Write to the store on its page, or call.
error-tracking-day = Choose a day from { $first } to { $last }.
error-file-logo = A logo is a picture: PNG, JPEG or WebP. SVG is not taken, because it can hold programs.
error-contact = Expected a telephone number or an e-mail address.
